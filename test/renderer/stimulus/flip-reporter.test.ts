import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FlipReporter } from "../../../src/renderer/stimulus/flip-reporter";
import { FlipLog } from "../../../src/stimulus";
import { FakeInstrument } from "../support/fake-instrument";

const CLOCK = { offsetNs: 1000n, errorNs: 10n, residualNs: 1n };

let reporter: FlipReporter | undefined;
beforeEach(() => vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => {
  reporter?.stop();
  vi.useRealTimers();
});

function start(id: () => string | undefined = () => "attachment-1") {
  const instrument = new FakeInstrument();
  const log = new FlipLog(10_000);
  const add = (count: number, direction = 0) => {
    for (let index = 0; index < count; index++) {
      const stampNs = BigInt(index);
      log.add({
        stampNs,
        glassNs: stampNs,
        sceneNumber: 1n,
        showing: 0,
        direction,
        angleDeg: 0,
        missedRefreshes: 0,
        squareBright: true,
      });
    }
  };
  reporter = new FlipReporter({ client: instrument.clients.stimulus, log, attachmentId: id, clock: () => CLOCK });
  const sent = () => instrument.stimulus.batches.map(({ firstIndex, pageNs }) => [Number(firstIndex), pageNs.length]);
  return { instrument, log, add, sent, reporter };
}

describe("FlipReporter", () => {
  it("reports five times a second what has come", async () => {
    const { add, sent, log } = start();
    add(12);
    vi.advanceTimersByTime(200);
    await vi.waitFor(() => expect(log.waiting).toBe(0));
    add(3);
    vi.advanceTimersByTime(200);
    await vi.waitFor(() => expect(log.waiting).toBe(0));
    expect(sent()).toEqual([
      [0, 12],
      [12, 3],
    ]);
  });

  it("brings all that waits, batch after batch, with one report under way", async () => {
    const { add, sent, reporter } = start();
    add(2500);
    add(10, 2);
    await Promise.all([reporter.flush(), reporter.flush()]);
    expect(sent()).toEqual([
      [0, 2000],
      [2000, 500],
      [2500, 10],
    ]);
  });

  it("keeps what did not arrive, and brings it again", async () => {
    const { instrument, add, sent, log, reporter } = start();
    add(5);
    instrument.refusals.set("reportFlips", new ConnectError("gone", Code.Unavailable));
    await reporter.flush();
    expect(log.waiting).toBe(5);
    add(5);
    await reporter.flush();
    expect(sent()).toEqual([[0, 10]]);
  });

  it("gives up what the worker says it can never take, so that the rest gets through", async () => {
    const complaint = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { instrument, add, sent, log, reporter } = start();
    add(5, 1);
    add(5, 2);
    instrument.refusals.set("reportFlips", new ConnectError("lists", Code.InvalidArgument));
    await reporter.flush();
    expect(sent()).toEqual([[5, 5]]);
    expect(log.waiting).toBe(0);
    expect(complaint).toHaveBeenCalledOnce();
  });

  it("waits while the display is not attached", async () => {
    const display: { id?: string } = {};
    const { add, sent, log, reporter } = start(() => display.id);
    add(5);
    await reporter.flush();
    expect(log.waiting).toBe(5);
    display.id = "attachment-1";
    await reporter.flush();
    expect(sent()).toEqual([[0, 5]]);
  });
});
