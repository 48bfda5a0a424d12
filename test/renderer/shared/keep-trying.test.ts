import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepTrying } from "../../../src/renderer/shared/keep-trying";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("keepTrying", () => {
  it("asks again after what passes, and not after what stays", async () => {
    for (const [code, times] of [
      [Code.Unavailable, 3],
      [Code.NotFound, 1],
      [Code.InvalidArgument, 1],
    ] as const) {
      let asked = 0;
      const reasons: string[] = [];
      const stop = keepTrying(
        () => {
          asked += 1;
          return Promise.reject(new ConnectError("Not now.", code));
        },
        (reason) => reasons.push(reason),
      );
      await vi.advanceTimersByTimeAsync(2500);
      expect([asked, reasons.length, reasons[0]]).toEqual([times, times, "Not now."]);
      stop();
    }
  });

  it("asks once for what is there, and not at all once it is given up", async () => {
    const asked: AbortSignal[] = [];
    const stop = keepTrying(
      (signal) => {
        asked.push(signal);
        return asked.length === 1 ? Promise.reject(new ConnectError("Not now.", Code.Unavailable)) : Promise.resolve();
      },
      () => undefined,
    );
    await vi.advanceTimersByTimeAsync(5000);
    expect(asked).toHaveLength(2);
    stop();
    expect(asked[1]?.aborted).toBe(true);
  });
});
