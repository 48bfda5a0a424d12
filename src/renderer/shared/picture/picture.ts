/** A grey picture, and how it is looked at. Plain data, so that it can go to a worker as it is. */
import type { PreviewFrame } from "../../../../gen/ts/macroscope/camera/v1/camera_pb";
import type { Placement } from "./placement";

/** Rows of grey pixels. */
interface Pixels {
  readonly widthPx: number;
  readonly heightPx: number;
  /** 1 or 2; rows without gaps, little-endian. */
  readonly bytesPerPixel: number;
  readonly pixels: Uint8Array;
}

/** One picture of the preview: all of the camera's image, or a part of it. */
export interface Picture extends Pixels {
  /** Values run from 0 to 2^significantBits − 1. */
  readonly significantBits: number;
  /** Image pixels, in each direction, in one picture pixel. */
  readonly binning: number;
  readonly imageWidthPx: number;
  readonly imageHeightPx: number;
  /** Where in the image the picture's left upper corner lies, in image pixels. */
  readonly partXPx: number;
  readonly partYPx: number;
  /** Where the image lies on the sensor. */
  readonly placement: Placement;
}

/** A picture of eight bits that is laid over the live one. */
export interface Overlay extends Pixels {
  /** Where it lies on the sensor; its binning is sensor pixels in one of its own. */
  readonly placement: Placement;
}

/** The values that are drawn black and white, as parts of the full range. */
export interface ContrastWindow {
  readonly black: number;
  readonly white: number;
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
  /** Above 1, what is dark becomes lighter. */
  readonly gamma: number;
  readonly markSaturated: boolean;
  /** Of the overlay: 0 is not seen, 1 hides the live picture. */
  readonly overlayOpacity: number;
}

/** A preview frame as a picture; the pixels are not copied. */
export function pictureOf(frame: PreviewFrame): Picture {
  const { widthPx, heightPx, bytesPerPixel, significantBits, binning, imageWidthPx, imageHeightPx, pixels } = frame;
  const placement = { xPx: frame.sensorXPx, yPx: frame.sensorYPx, binning: Math.max(1, frame.sensorBinning) };
  const size = { widthPx, heightPx, bytesPerPixel, significantBits, binning, imageWidthPx, imageHeightPx };
  return { ...size, partXPx: frame.partXPx, partYPx: frame.partYPx, placement, pixels };
}

/** Whether the picture shows all of the image, but for what binning leaves over at the right and bottom. */
export function isWhole({ widthPx, heightPx, binning, imageWidthPx, imageHeightPx }: Picture): boolean {
  return (widthPx + 1) * binning > imageWidthPx && (heightPx + 1) * binning > imageHeightPx;
}

/** The largest value a pixel of the picture can have. */
export function largestValue(picture: Pick<Picture, "significantBits">): number {
  return 2 ** picture.significantBits - 1;
}

/** The pixels as numbers, without a copy where their place in memory allows. */
export function pixelValues(picture: Pick<Pixels, "pixels" | "bytesPerPixel">): Uint8Array | Uint16Array {
  const { pixels, bytesPerPixel } = picture;
  if (bytesPerPixel === 1) return pixels;
  const aligned = pixels.byteOffset % 2 === 0 ? pixels : pixels.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 1);
}
