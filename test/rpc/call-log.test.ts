import { Code } from "@connectrpc/connect";
import { beforeEach, describe, expect, it } from "vitest";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import type { CallRecord } from "../../src/rpc";
import { CallLog, LINES_IN_WINDOW, type LogLine, streamingMethods, WINDOW_MS } from "../../src/rpc/call-log";
import { FakeClock } from "./support/fake-clock";

const GOOD: CallRecord = {
  side: "server",
  method: "/s/Unary",
  peer: "window 1",
  code: 0,
  durationMs: 1.23456,
  messagesSent: 1,
  messagesReceived: 1,
  bytesSent: 10,
  bytesReceived: 10,
  skipped: 0,
};
const FAILED: CallRecord = { ...GOOD, code: Code.NotFound };
const SLOW: CallRecord = { ...GOOD, durationMs: 1500 };

let lines: LogLine[];
let clock: FakeClock;
let log: CallLog;

beforeEach(() => {
  lines = [];
  clock = new FakeClock();
  log = new CallLog({ write: (line) => lines.push(line), isStream: (method) => method === "/s/Stream", clock });
});

it("knows a service's streams", () => {
  const isStream = streamingMethods([DiagnosticsService]);
  const path = "/macroscope.diagnostics.v1.DiagnosticsService/";
  expect([`${path}Flood`, `${path}Echo`, "/s/M"].map(isStream)).toEqual([true, false, false]);
});

describe("CallLog", () => {
  it("tells a failure with what is needed to find it", () => {
    log.onCall(FAILED);
    expect(lines).toEqual([
      {
        level: "warning",
        event: "call failed",
        method: "/s/Unary",
        peer: "window 1",
        code: "NOT_FOUND",
        duration_ms: 1.235,
      },
    ]);
  });

  it.each([
    GOOD,
    { ...GOOD, code: Code.Canceled },
    { ...SLOW, method: "/s/Stream" },
    { ...SLOW, code: Code.Canceled },
  ] as CallRecord[])("does not tell what is as it should be", (record) => {
    log.onCall(record);
    expect(lines).toEqual([]);
    expect(clock.alarms).toBe(0);
  });

  it("tells a slow call quietly, and a stream that failed as any other", () => {
    log.onCall(SLOW);
    log.onCall({ ...FAILED, method: "/s/Stream" });
    expect(lines.map(({ level, event }) => [level, event])).toEqual([
      ["info", "slow call"],
      ["warning", "call failed"],
    ]);
  });

  it("counts a client that fails in a loop, and sums it up", async () => {
    for (let call = 0; call < 1000; call += 1) log.onCall(FAILED);
    log.onCall({ ...FAILED, code: Code.Internal });
    expect(lines).toHaveLength(LINES_IN_WINDOW);
    await clock.advance(WINDOW_MS);
    expect(lines).toHaveLength(LINES_IN_WINDOW + 1);
    expect(lines.at(-1)).toMatchObject({
      calls: [
        { method: "/s/Unary", code: "NOT_FOUND", calls: 1000 - LINES_IN_WINDOW },
        { method: "/s/Unary", code: "INTERNAL", calls: 1 },
      ],
    });
    // The next window begins anew, and one with nothing left to tell tells nothing.
    log.onCall(FAILED);
    await clock.advance(WINDOW_MS);
    expect(lines).toHaveLength(LINES_IN_WINDOW + 2);
  });

  it("counts calls of ever new names in bounded memory", async () => {
    for (let call = 0; call < 10_000; call += 1) log.onCall({ ...FAILED, method: `/s/${String(call)}` });
    await clock.advance(WINDOW_MS);
    const { calls } = lines.at(-1) as unknown as { calls: { calls: number }[] };
    expect(calls.length).toBeLessThanOrEqual(51);
    expect(calls.reduce((sum, entry) => sum + entry.calls, 0)).toBe(10_000 - LINES_IN_WINDOW);
  });

  it("tells of a receiver that is behind", () => {
    log.onBehind({
      label: "window 1",
      method: "/s/W",
      sentRevision: 5n,
      acknowledgedRevision: 4n,
      behindMs: 1200.4,
      skipped: 0,
      ended: false,
      reason: "",
    });
    expect(lines).toEqual([
      {
        level: "warning",
        event: "receiver behind",
        peer: "window 1",
        method: "/s/W",
        sent_revision: 5,
        acknowledged_revision: 4,
        behind_ms: 1200,
      },
    ]);
    expect(() => JSON.stringify(lines)).not.toThrow();
  });
});
