import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { holdStream } from "../../src/main/hold-stream";
import { FakeChannel } from "./support/fake-channel";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Streams that end or fail when the test says. */
function makeStreams() {
  const signals: AbortSignal[] = [];
  const ends: { end: () => void; fail: () => void }[] = [];
  const open = async function* (signal: AbortSignal) {
    signals.push(signal);
    yield `stream ${String(signals.length)}`;
    await new Promise<void>((resolve, reject) => {
      ends.push({ end: resolve, fail: () => reject(new Error("The worker is gone.")) });
      signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
  };
  return { open, signals, ends };
}

describe("holdStream", () => {
  test("opens when the channel is live, and again when the stream has ended or failed", async () => {
    const channel = new FakeChannel();
    const { open, ends } = makeStreams();
    const taken: string[] = [];
    const stop = holdStream(channel, open, (message) => taken.push(message));
    await vi.advanceTimersByTimeAsync(5000);
    expect(taken).toEqual([]);
    channel.set("live");
    await vi.advanceTimersByTimeAsync(0);
    ends[0]?.end();
    await vi.advanceTimersByTimeAsync(1000);
    expect(taken).toEqual(["stream 1", "stream 2"]);
    ends[1]?.fail();
    channel.set("lost");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(taken).toHaveLength(2);
    channel.set("live");
    await vi.advanceTimersByTimeAsync(0);
    expect(taken).toEqual(["stream 1", "stream 2", "stream 3"]);
    stop();
  });

  test("holds one at a time, and none after it was stopped", async () => {
    const channel = new FakeChannel();
    const { open, signals } = makeStreams();
    channel.set("live");
    const stop = holdStream(channel, open, () => undefined);
    channel.set("stale");
    channel.set("live");
    await vi.advanceTimersByTimeAsync(3000);
    expect(signals).toHaveLength(1);
    stop();
    expect(signals[0]?.aborted).toBe(true);
    channel.set("live");
    await vi.advanceTimersByTimeAsync(3000);
    expect([signals.length, channel.listeners, vi.getTimerCount()]).toEqual([1, 0, 0]);
  });
});
