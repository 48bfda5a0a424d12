import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasSlider, placeOf, valueAt } from "../../src/mirror/slider-scale";

const scale = {
  slider: "logarithmic" as const,
  minimum: 20,
  maximum: 1_000_000,
  increment: 0,
  integer: false,
  factor: 0.001,
  decimals: 3,
};

describe("slider scale", () => {
  it("is there only where it makes sense", () => {
    expect(hasSlider(scale)).toBe(true);
    expect(hasSlider({ ...scale, slider: "none" })).toBe(false);
    expect(hasSlider({ ...scale, minimum: 0 })).toBe(false);
    expect(hasSlider({ ...scale, slider: "linear", minimum: 0 })).toBe(true);
    expect(hasSlider({ ...scale, maximum: undefined })).toBe(false);
    expect(hasSlider({ ...scale, maximum: 20 })).toBe(false);
  });

  it("goes by ratios when logarithmic", () => {
    expect(placeOf(scale, Math.sqrt(20 * 1_000_000))).toBeCloseTo(0.5);
    expect(valueAt(scale, 0)).toBe(20);
    expect(valueAt(scale, 1)).toBe(1_000_000);
  });

  it("keeps to the camera's grid", () => {
    expect(valueAt({ ...scale, slider: "linear", minimum: 192, maximum: 1023, increment: 1 }, 0.5)).toBe(608);
  });

  it("stays within the limits and moves with the hand, for any limits", () => {
    const anyScale = fc
      .record({
        slider: fc.constantFrom("linear" as const, "logarithmic" as const),
        minimum: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        ratio: fc.double({ min: 1.01, max: 1e5, noNaN: true }),
        increment: fc.constantFrom(0, 0.25, 1),
        decimals: fc.integer({ min: 0, max: 4 }),
      })
      .map(({ minimum, ratio, ...rest }) => ({ ...scale, ...rest, minimum, maximum: minimum * ratio }));
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyScale, place, place, (any, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const values = [valueAt(any, low), valueAt(any, high)] as const;
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(any.minimum);
          expect(value).toBeLessThanOrEqual(any.maximum);
        }
        expect(values[0]).toBeLessThanOrEqual(values[1]);
      }),
    );
  });
});
