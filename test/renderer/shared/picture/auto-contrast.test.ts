import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { autoContrast, settled } from "../../../../src/renderer/shared/picture/auto-contrast";
import type { Picture } from "../../../../src/renderer/shared/picture/picture";

function picture(values: ArrayLike<number>, significantBits: number): Picture {
  const data = significantBits > 8 ? Uint16Array.from(values) : Uint8Array.from(values);
  const sizes = { widthPx: values.length, heightPx: 1, imageWidthPx: values.length, imageHeightPx: 1, binning: 1 };
  return { ...sizes, significantBits, bytesPerPixel: significantBits > 8 ? 2 : 1, pixels: new Uint8Array(data.buffer) };
}

describe("autoContrast", () => {
  it("spans the picture but for outliers", () => {
    const values = Array.from({ length: 10_000 }, (_, index) => 1000 + (index % 1000));
    values[3] = 0;
    values[7] = 4095;
    const { low, high } = autoContrast(picture(values, 12));
    expect(low).toBeGreaterThan(950);
    expect(low).toBeLessThanOrEqual(1010);
    expect(high).toBeGreaterThanOrEqual(1985);
    expect(high).toBeLessThan(2050);
  });

  it("gives a window that can be drawn for any picture", () => {
    const values = fc.array(fc.integer({ min: 0, max: 4095 }), { minLength: 0, maxLength: 300 });
    fc.assert(
      fc.property(values, (any) => {
        const { low, high } = autoContrast(picture(any, 12));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(4095);
        expect(high).toBeGreaterThan(low);
      }),
    );
  });

  it("keeps a window in order that was set backwards", () => {
    expect(settled({ low: 300, high: 100 }, 255)).toEqual({ low: 254, high: 255 });
    expect(settled({ low: -4, high: 0 }, 255)).toEqual({ low: 0, high: 1 });
  });
});
