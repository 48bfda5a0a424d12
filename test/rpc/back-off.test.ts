import { describe, expect, it } from "vitest";
import { backOffDelayMs } from "../../src/rpc/back-off";

describe("backOffDelayMs", () => {
  it("doubles up to the longest, and lies between half and all of that by chance", () => {
    const delays = (random: number) =>
      [1, 2, 3, 6, 7, 50].map((attempt) =>
        backOffDelayMs(attempt, { firstMs: 100, longestMs: 5000, random: () => random }),
      );
    expect(delays(1)).toEqual([100, 200, 400, 3200, 5000, 5000]);
    expect(delays(0)).toEqual([50, 100, 200, 1600, 2500, 2500]);
  });

  it("is between 50 and 100 ms at first, when nothing is said", () => {
    const delay = backOffDelayMs(1);
    expect(delay).toBeGreaterThanOrEqual(50);
    expect(delay).toBeLessThanOrEqual(100);
  });
});
