import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { automaticWindow, isOther } from "../../../../../src/renderer/operator/features/preview/automatic-contrast";

describe("automaticWindow", () => {
  it("is a little wider than the pixels that count", () => {
    const { black, white } = automaticWindow({ low: 1000, high: 2000, significantBits: 12 });
    expect(black * 4095).toBeCloseTo(970);
    expect(white * 4095).toBeCloseTo(2030);
  });

  it("stays within the range, at least a step wide", () => {
    const level = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(level, level, (one, other) => {
        const { black, white } = automaticWindow({
          low: Math.min(one, other),
          high: Math.max(one, other),
          significantBits: 8,
        });
        return black >= 0 && white <= 1 && white > black;
      }),
    );
  });
});

describe("isOther", () => {
  it("does not take noise for a change", () => {
    const before = { black: 0.2, white: 0.6 };
    expect(isOther(before, { black: 0.205, white: 0.595 })).toBe(false);
    expect(isOther(before, { black: 0.2, white: 0.7 })).toBe(true);
  });
});
