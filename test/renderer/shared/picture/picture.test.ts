import { describe, expect, it } from "vitest";
import { create } from "@bufbuild/protobuf";
import { PreviewFrameSchema } from "../../../../gen/ts/macroscope/camera/v1/camera_pb";
import { isWhole, largestValue, pictureOf, pixelValues } from "../../../../src/renderer/shared/picture/picture";
import { madePicture } from "../../support/made-picture";

const picture = (pixels: Uint8Array, bytesPerPixel: number) => ({ bytesPerPixel, pixels });

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

describe("pictureOf", () => {
  it("keeps where a part lies in the image and the image on the sensor", () => {
    const frame = create(PreviewFrameSchema, { partXPx: 3, partYPx: 4, sensorXPx: 5, sensorYPx: 6, sensorBinning: 2 });
    const picture = pictureOf(frame);
    expect([picture.partXPx, picture.partYPx]).toEqual([3, 4]);
    expect(picture.placement).toEqual({ xPx: 5, yPx: 6, binning: 2 });
  });

  it("takes a frame that does not say so as one of the whole sensor", () => {
    expect(pictureOf(create(PreviewFrameSchema)).placement).toEqual({ xPx: 0, yPx: 0, binning: 1 });
  });
});

describe("isWhole", () => {
  it("does not mind what binning leaves over", () => {
    const picture = madePicture({ widthPx: 5, heightPx: 5, binning: 4, imageWidthPx: 23, imageHeightPx: 20 });
    expect(isWhole(picture)).toBe(true);
    expect(isWhole({ ...picture, imageWidthPx: 24 })).toBe(false);
  });
});
