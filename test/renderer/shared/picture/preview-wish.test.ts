import { describe, expect, it } from "vitest";
import { previewWish } from "../../../../../src/renderer/operator/features/preview/preview-wish";

const image = { width: 2048, height: 1024 };
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
    expect(previewWish({ width: 6000, height: 6000 }, 1, canvas).maxWidthPx).toBe(2048);
    expect(previewWish({ width: 20, height: 4 }, 0.1, canvas)).toMatchObject({ maxWidthPx: 16, maxHeightPx: 16 });
  });

  it("goes by the window before the first picture", () => {
    expect(previewWish(undefined, 1, canvas)).toMatchObject({ maxWidthPx: 900, maxHeightPx: 600 });
  });
});
