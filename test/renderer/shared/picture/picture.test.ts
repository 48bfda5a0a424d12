import { describe, expect, it } from "vitest";
import { largestValue, pixelValues } from "../../../../src/renderer/shared/picture/picture";
import type { Picture } from "../../../../src/renderer/shared/picture/picture";

const picture = (pixels: Uint8Array, bytesPerPixel: number): Picture => {
  const size = { widthPx: 2, heightPx: 1, imageWidthPx: 2, imageHeightPx: 1, binning: 1 };
  return { ...size, significantBits: 12, bytesPerPixel, pixels };
};

describe("pixelValues", () => {
  const bytes = Uint8Array.of(99, 0x34, 0x12, 0xff, 0x0f);

  it("reads 16-bit pixels that lie at an odd place in memory", () => {
    expect([...pixelValues(picture(bytes.subarray(1), 2))]).toEqual([0x1234, 0x0fff]);
  });

  it("does not copy where it need not", () => {
    const aligned = Uint8Array.of(0x34, 0x12, 0xff, 0x0f);
    expect(pixelValues(picture(aligned, 2)).buffer).toBe(aligned.buffer);
    expect(pixelValues(picture(aligned, 1))).toBe(aligned);
  });
});

describe("largestValue", () => {
  it("goes by the significant bits", () => {
    expect([8, 12, 16].map((significantBits) => largestValue({ significantBits }))).toEqual([255, 4095, 65535]);
  });
});
