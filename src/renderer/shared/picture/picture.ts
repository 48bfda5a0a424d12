/** A grey picture, and how it is looked at. Plain data, so that it can go to a worker as it is. */

/** One picture of the preview. */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** 1 or 2; rows without gaps, little-endian. */
  readonly bytesPerPixel: number;
  /** Values run from 0 to 2^significantBits − 1. */
  readonly significantBits: number;
  /** Image pixels, in each direction, in one picture pixel. */
  readonly binning: number;
  readonly imageWidthPx: number;
  readonly imageHeightPx: number;
  readonly pixels: Uint8Array;
}

/** The values that are drawn black and white. */
export interface ContrastWindow {
  readonly low: number;
  readonly high: number;
}

/** How the picture is drawn, in device pixels of the canvas. */
export interface Look {
  readonly canvasWidthPx: number;
  readonly canvasHeightPx: number;
  /** Where the image's left upper corner falls. */
  readonly originXPx: number;
  readonly originYPx: number;
  /** Device pixels in one image pixel. */
  readonly scale: number;
  readonly contrast: ContrastWindow;
  readonly markSaturated: boolean;
}

/** The largest value a pixel of the picture can have. */
export function largestValue(picture: Pick<Picture, "significantBits">): number {
  return 2 ** picture.significantBits - 1;
}

/** The pixels as numbers, without a copy where their place in memory allows. */
export function pixelValues(picture: Picture): Uint8Array | Uint16Array {
  const { pixels, bytesPerPixel } = picture;
  if (bytesPerPixel === 1) return pixels;
  const aligned = pixels.byteOffset % 2 === 0 ? pixels : pixels.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 1);
}
