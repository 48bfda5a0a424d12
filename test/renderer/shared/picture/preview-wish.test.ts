import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { previewWish } from "../../../../src/renderer/shared/picture/preview-wish";

const placement = { xPx: 0, yPx: 0, binning: 1 };
const image = { width: 2048, height: 1024, placement };
const canvas = { width: 900, height: 600 };

describe("previewWish", () => {
  it("asks for what is shown, binned by whole numbers", () => {
    expect(previewWish(image, 0.45, canvas)).toEqual({ maxWidthPx: 1024, maxHeightPx: 512, maxRateHz: 60 });
  });

  it("does not change with small changes of the window", () => {
    expect(previewWish(image, 0.44, canvas)).toEqual(previewWish(image, 0.52, canvas));
  });

  it("asks for every pixel at one to one and closer, less often", () => {
    expect(previewWish(image, 1, canvas)).toEqual({ maxWidthPx: 2048, maxHeightPx: 1024, maxRateHz: 30 });
    expect(previewWish(image, 8, canvas)).toEqual(previewWish(image, 1, canvas));
  });

  it("stays within what the service takes", () => {
    expect(previewWish({ width: 6000, height: 6000, placement }, 1, canvas).maxWidthPx).toBe(2000);
    expect(previewWish({ width: 9000, height: 40, placement }, 1, canvas).maxWidthPx).toBe(3000);
    expect(previewWish({ width: 20, height: 4, placement }, 0.1, canvas)).toMatchObject({
      maxWidthPx: 16,
      maxHeightPx: 16,
    });
  });

  it("goes by the window before the first picture", () => {
    expect(previewWish(undefined, 1, canvas)).toMatchObject({ maxWidthPx: 900, maxHeightPx: 600 });
  });

  describe("of a part", () => {
    const large = { width: 4096, height: 4096, placement: { xPx: 100, yPx: 50, binning: 2 } };
    const visible = { x: 1100, y: 600, width: 900, height: 600 };

    it("asks for what is seen, in full, on the sensor", () => {
      const wish = previewWish(large, 1, canvas, visible);
      expect(wish.part).toEqual({ xPx: 100 + 2 * 1024, yPx: 50 + 2 * 512, widthPx: 2 * 1024, heightPx: 2 * 768 });
      expect([wish.maxWidthPx, wish.maxHeightPx, wish.maxRateHz]).toEqual([1024, 768, 60]);
    });

    it("asks for every pixel of what is seen where the whole image would come binned, however much of it is seen", () => {
      const camera = { width: 2448, height: 2048, placement };
      const wish = previewWish(camera, 1, { width: 1792, height: 1041 }, { x: 300, y: 500, width: 1792, height: 1041 });
      expect(wish.part).toEqual({ xPx: 153, yPx: 384, widthPx: 1989, heightPx: 1280 });
      expect([wish.maxWidthPx, wish.maxHeightPx]).toEqual([1989, 1280]);
    });

    it("asks for a rim around little, so that a move finds something there", () => {
      const wish = previewWish(large, 4, canvas, { x: 1100, y: 600, width: 225, height: 150 });
      expect(wish.part).toEqual({ xPx: 100 + 2 * 768, yPx: 50 + 2 * 256, widthPx: 2 * 1024, heightPx: 2 * 768 });
    });

    it("does not change with small moves", () => {
      const before = previewWish(large, 1, canvas, visible);
      expect(previewWish(large, 1, canvas, { ...visible, x: visible.x - 50 })).toEqual(before);
    });

    it("asks for all where most is seen, and where all is little", () => {
      expect(previewWish(large, 1, canvas, { x: 0, y: 0, width: 3500, height: 3500 }).part).toBeUndefined();
      expect(previewWish({ ...large, width: 512, height: 512 }, 8, canvas, visible).part).toBeUndefined();
      expect(previewWish(large, 0.2, canvas, visible).part).toBeUndefined();
    });

    it("has all that is seen in it", () => {
      const size = fc.integer({ min: 1, max: 4096 });
      fc.assert(
        fc.property(size, size, size, size, (x, y, width, height) => {
          const seen = { x: x - 1, y: y - 1, width: Math.min(width, 4097 - x), height: Math.min(height, 4097 - y) };
          const part = previewWish({ ...large, placement }, 1, canvas, seen).part;
          if (!part) return true;
          const inside = part.xPx <= seen.x && part.xPx + part.widthPx >= seen.x + seen.width;
          return inside && part.yPx <= seen.y && part.yPx + part.heightPx >= seen.y + seen.height;
        }),
      );
    });
  });
});
