import { describe, expect, it } from "vitest";
import { ShownRate } from "../../src/mirror/shown-rate";

describe("ShownRate", () => {
  it("tells events a second over the last two seconds", () => {
    const rate = new ShownRate();
    expect(rate.rateHz()).toBe(0);
    for (let timeMs = 0; timeMs <= 1000; timeMs += 100) rate.note(timeMs);
    expect(rate.rateHz()).toBeCloseTo(10);
    for (let timeMs = 1050; timeMs <= 4000; timeMs += 50) rate.note(timeMs);
    expect(rate.rateHz()).toBeCloseTo(20);
  });
});
