/** Which preview to ask for: as fine as is shown, no finer. */
import type { PreviewWish } from "../../../../mirror";
import type { Size } from "../../../shared/picture/picture-view";

const SMALLEST_PX = 16;
/** Full pictures above this are more than a link should carry all day. */
const LARGEST_PX = 2048;
const FAST_HZ = 60;
const LARGE_HZ = 30;
const LARGE_PX = 1_200_000;

/**
 * @param image - the camera's image; undefined before the first picture.
 * @param shownScale - device pixels in one image pixel.
 * @param canvas - in device pixels.
 */
export function previewWish(image: Size | undefined, shownScale: number, canvas: Size): PreviewWish {
  const wanted = image ? binned(image, shownScale) : canvas;
  const maxWidthPx = clamp(wanted.width);
  const maxHeightPx = clamp(wanted.height);
  return { maxWidthPx, maxHeightPx, maxRateHz: maxWidthPx * maxHeightPx > LARGE_PX ? LARGE_HZ : FAST_HZ };
}

/** The image binned by the whole number that comes nearest to what is shown, so that small changes of the window change nothing. */
function binned(image: Size, shownScale: number): Size {
  const binning = Math.max(1, Math.round(1 / Math.max(shownScale, 1e-3)));
  return { width: Math.ceil(image.width / binning), height: Math.ceil(image.height / binning) };
}

function clamp(pixels: number): number {
  return Math.min(LARGEST_PX, Math.max(SMALLEST_PX, Math.ceil(pixels)));
}
