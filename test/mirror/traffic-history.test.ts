import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { CallSide, ProcessTrafficSchema } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { toPlain } from "../../src/mirror/from-proto";
import { addTraffic, KEPT_SECONDS, NO_TRAFFIC } from "../../src/mirror/traffic-history";

const process = (init: MessageInitShape<typeof ProcessTrafficSchema>) => toPlain(create(ProcessTrafficSchema, init));
const worker = (countedS: number, bytes: number, calls = bytes) =>
  process({
    process: "worker",
    countedS,
    methods: [
      { method: "/s/M", side: CallSide.SERVER, calls: BigInt(calls), messagesSent: 5n, bytesSent: BigInt(bytes) },
    ],
  });

const method = (history: ReturnType<typeof addTraffic>) => history.worker[0]?.methods[0];

describe("addTraffic", () => {
  it("has no rates at first, then those between two polls by the process's own clock", () => {
    let history = addTraffic(NO_TRAFFIC, "worker", [worker(10, 100)]);
    expect(method(history)).toMatchObject({ bytesPerS: 0, callsPerS: 0, recentBytesPerS: [] });
    history = addTraffic(history, "worker", [worker(12, 300, 104)]);
    expect(method(history)).toMatchObject({ bytesPerS: 100, callsPerS: 2, messagesPerS: 0 });
    expect(method(history)?.recentBytesPerS).toEqual([100, 100]);
    expect(history.host).toEqual([]);
  });

  it("keeps the rates when a report comes again unchanged", () => {
    let history = addTraffic(NO_TRAFFIC, "worker", [worker(10, 100)]);
    history = addTraffic(history, "worker", [worker(11, 200)]);
    expect(method(addTraffic(history, "worker", [worker(11, 200)]))).toEqual(method(history));
  });

  it("begins anew with a process that counts from the beginning", () => {
    let history = addTraffic(NO_TRAFFIC, "worker", [worker(1000, 5000)]);
    history = addTraffic(history, "worker", [worker(1, 10)]);
    expect(method(history)).toMatchObject({ bytesPerS: 0, recentBytesPerS: [] });
  });

  it("remembers a minute", () => {
    let history = NO_TRAFFIC;
    for (let second = 1; second <= 2 * KEPT_SECONDS; second += 1)
      history = addTraffic(history, "worker", [worker(second, second * second)]);
    const recent = method(history)?.recentBytesPerS ?? [];
    expect(recent).toHaveLength(KEPT_SECONDS);
    expect(recent.at(-1)).toBe(4 * KEPT_SECONDS - 1);
  });

  it("remembers no more than a minute of a window, which reports every few seconds", () => {
    let history = NO_TRAFFIC;
    for (let second = 5; second <= 100; second += 5)
      history = addTraffic(history, "worker", [worker(second, second < 50 ? 0 : 1000)]);
    const recent = method(history)?.recentBytesPerS ?? [];
    expect(recent).toHaveLength(60);
    // All of it came between 45 and 50 s; the newest is of 95 to 100 s.
    expect(recent.findIndex((rate) => rate > 0)).toBe(60 - 55);
    history = addTraffic(history, "worker", [worker(10_000, 2000)]);
    expect(method(history)?.recentBytesPerS).toHaveLength(60);
  });

  it("forgets a process that is gone, and keeps two rows of one method apart", () => {
    const twice = process({
      process: "window",
      countedS: 1,
      methods: [
        { method: "/s/M", side: CallSide.CLIENT },
        { method: "/s/M", side: CallSide.CLIENT },
      ],
    });
    let history = addTraffic(NO_TRAFFIC, "host", [twice]);
    expect(new Set(history.host[0]?.methods.map(({ key }) => key)).size).toBe(2);
    history = addTraffic(history, "host", []);
    expect(history.host).toEqual([]);
  });
});
