import { describe, expect, it } from "vitest";
import { binHeights, curvePath } from "../../../../../src/renderer/operator/features/preview/histogram-curve";

describe("binHeights", () => {
  it("are parts of the highest, or of its logarithm", () => {
    expect(binHeights([0, 50, 100, 0], false)).toEqual([0, 0.5, 1, 0]);
    const [, low = 0, high] = binHeights([0, 9, 99, 0], true);
    expect([low, high]).toEqual([Math.log(10) / Math.log(100), 1]);
  });

  it("are not pressed down by saturated or dead pixels", () => {
    expect(binHeights([5000, 10, 20, 9000], false)).toEqual([1, 0.5, 1, 1]);
  });

  it("show a picture that is nothing but saturated", () => {
    expect(binHeights([0, 0, 0, 7], false)).toEqual([0, 0, 0, 1]);
    expect(binHeights([0, 0, 0, 0], false)).toEqual([0, 0, 0, 0]);
  });
});

describe("curvePath", () => {
  it("is a stair that is closed along the bottom", () => {
    expect(curvePath([0, 1], 100, 10)).toBe("M0 10L0 10H50L50 0H100V10Z");
  });
});
