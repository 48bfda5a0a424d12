import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepStream } from "../../src/mirror/keep-stream";

const unavailable = () => new ConnectError("gone", Code.Unavailable);
const BACK_OFF = { firstMs: 100, longestMs: 400 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A stream that ends by throwing at once. */
function failing(openings: number[], error: () => Error) {
  return () => {
    openings.push(Date.now());
    // eslint-disable-next-line require-yield
    return (async function* (): AsyncGenerator<number> {
      throw error();
    })();
  };
}

describe("keepStream", () => {
  it("opens again after growing pauses, and tells each time", async () => {
    const openings: number[] = [];
    const downs: boolean[] = [];
    const start = Date.now();
    const open = failing(openings, unavailable);
    const stream = keepStream({ open, take: () => {}, down: (_, again) => downs.push(again) }, BACK_OFF);
    await vi.advanceTimersByTimeAsync(1200);
    stream.stop();
    expect(openings.map((time) => time - start)).toEqual([0, 100, 300, 700, 1100]);
    expect(downs).toEqual([true, true, true, true, true]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(openings).toHaveLength(5);
  });

  it("does not open again what waiting cannot mend", async () => {
    const openings: number[] = [];
    const downs: boolean[] = [];
    const open = failing(openings, () => new ConnectError("no such method", Code.Unimplemented));
    keepStream({ open, take: () => {}, down: (_, again) => downs.push(again) }, BACK_OFF);
    await vi.advanceTimersByTimeAsync(5000);
    expect(openings).toHaveLength(1);
    expect(downs).toEqual([false]);
  });

  it("opens at once when woken, and starts with the first pause again", async () => {
    const openings: number[] = [];
    const stream = keepStream({ open: failing(openings, unavailable), take: () => {} }, BACK_OFF);
    await vi.advanceTimersByTimeAsync(350);
    expect(openings).toHaveLength(3);
    stream.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(openings).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(100);
    expect(openings).toHaveLength(5);
    stream.stop();
  });

  it("opens again when the server ends the stream in order, and shortens the pause after a message", async () => {
    const taken: number[] = [];
    let opened = 0;
    const stream = keepStream(
      {
        open: async function* () {
          opened += 1;
          yield opened;
        },
        take: (message) => {
          taken.push(message);
        },
      },
      BACK_OFF,
    );
    await vi.advanceTimersByTimeAsync(250);
    stream.stop();
    expect(taken).toEqual([1, 2, 3]);
  });

  it("asks for the next message only when the last one is taken", async () => {
    let asked = 0;
    let finish = () => {};
    const stream = keepStream({
      open: async function* () {
        for (;;) {
          asked += 1;
          yield asked;
        }
      },
      take: () => new Promise<void>((resolve) => (finish = resolve)),
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(asked).toBe(1);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toBe(2);
    stream.stop();
  });

  it("aborts the call when stopped", async () => {
    let signal: AbortSignal | undefined;
    const stream = keepStream({
      open: async function* (given) {
        signal = given;
        await new Promise(() => {});
        yield 0;
      },
      take: () => {},
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(signal?.aborted).toBe(false);
    stream.stop();
    expect(signal?.aborted).toBe(true);
  });
});
