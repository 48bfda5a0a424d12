import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scaleBarLength } from "../../../../src/renderer/shared/picture/scale-bar";

describe("scaleBarLength", () => {
  it("is a round length that is neither too short nor too long", () => {
    const scale = fc.double({ min: 0.001, max: 40, noNaN: true });
    fc.assert(
      fc.property(scale, fc.double({ min: 0.01, max: 1000, noNaN: true }), (sensorScale, umPerPx) => {
        const bar = scaleBarLength(sensorScale, umPerPx);
        expect(bar?.width).toBeGreaterThan(40);
        expect(bar?.width).toBeLessThanOrEqual(120.001);
        expect(bar?.text).toMatch(/^(0\.0*)?[125]0*\u202f(µm|mm)$/);
      }),
    );
  });

  it("is as long as it says", () => {
    // 5 µm a sensor pixel, drawn half as large: 120 CSS pixels are 1200 µm.
    expect(scaleBarLength(0.5, 5)).toEqual({ width: 100, text: "1\u202fmm" });
    expect(scaleBarLength(2, 5)).toEqual({ width: 80, text: "200\u202fµm" });
  });

  it("is in pixels of the sensor where their size is not known", () => {
    expect(scaleBarLength(0.5, undefined)).toEqual({ width: 100, text: "200\u202fpx" });
    expect(scaleBarLength(64, undefined)).toEqual({ width: 64, text: "1\u202fpx" });
    expect(scaleBarLength(500, undefined)?.text).toBe("1\u202fpx");
  });

  it("is none before there is a picture", () => {
    expect(scaleBarLength(0, 5)).toBeUndefined();
    expect(scaleBarLength(Number.NaN, 5)).toBeUndefined();
  });
});
