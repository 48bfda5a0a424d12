import { describe, expect, it } from "vitest";
import { greyValues } from "../../src/stimulus";
import { pixelValue } from "../../src/stimulus/luminance";

describe("greyValues", () => {
  it("undoes the display's gamma", () => {
    const { background, bright, dark } = greyValues({ background: 0.5, contrast: 0.4, gamma: 2.2 });
    expect(background ** 2.2).toBeCloseTo(0.5, 12);
    expect(bright ** 2.2).toBeCloseTo(0.9, 12);
    expect(dark ** 2.2).toBeCloseTo(0.1, 12);
  });

  it("is half of the luminance where nobody has set a grey", () => {
    expect(greyValues().background ** 2.2).toBeCloseTo(0.5, 12);
  });

  it("stays within what a screen has", () => {
    expect(pixelValue(1.2, 2.2)).toBe(1);
    expect(pixelValue(-1e-17, 2.2)).toBe(0);
  });
});
