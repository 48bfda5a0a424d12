/** Pictures and looks for tests of what draws them. */
import { pictureOf } from "../../../src/renderer/shared/picture/picture";
import type { Look, Picture } from "../../../src/renderer/shared/picture/picture";
import { type FakePictures } from "./fake-picture";

/** Two rows of eight or sixteen bits, black, of all of the image unless told otherwise. */
export function madePicture(change: Partial<Picture> = {}): Picture {
  const { widthPx = 2, heightPx = 2, binning = 1, bytesPerPixel = 1 } = change;
  return {
    widthPx,
    heightPx,
    bytesPerPixel,
    significantBits: bytesPerPixel === 1 ? 8 : 12,
    binning,
    imageWidthPx: widthPx * binning,
    imageHeightPx: heightPx * binning,
    partXPx: 0,
    partYPx: 0,
    placement: { xPx: 0, yPx: 0, binning: 1 },
    pixels: new Uint8Array(widthPx * heightPx * bytesPerPixel),
    ...change,
  };
}

/** One device pixel an image pixel, the whole range, nothing marked. */
export function madeLook(change: Partial<Look> = {}): Look {
  return {
    canvasWidthPx: 9,
    canvasHeightPx: 9,
    originXPx: 0,
    originYPx: 0,
    scale: 1,
    contrast: { black: 0, white: 1 },
    gamma: 1,
    markSaturated: false,
    overlayOpacity: 0,
    ...change,
  };
}

/** A frame of the fake preview as it would come over a link: in memory of its own. */
export function freshPicture(pictures: FakePictures): Picture {
  const picture = pictureOf(pictures.next());
  return { ...picture, pixels: picture.pixels.slice() };
}
