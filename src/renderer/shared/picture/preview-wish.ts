/** Which preview to ask for: as fine as is shown and no more of it, no finer. */
import type { PreviewWish } from "../../../mirror";
import { clamp } from "../clamp";
import type { Size } from "./picture-view";
import type { PlacedImage, Rectangle } from "./placement";

const SMALLEST_PX = 16;
/** Full pictures above this are more than a link should carry all day. */
const LARGEST_PX = 2048;
const FAST_HZ = 60;
const LARGE_HZ = 30;
const LARGE_PX = 1_200_000;
/** A part is cut along a grid of so many cells each way, so that small moves change nothing. */
const CELLS = 16;
/** A part that is more than this of the image is not worth leaving the rest out. */
const WORTH = 0.5;

/**
 * @param image - the camera's image; undefined before the first picture.
 * @param shownScale - device pixels in one image pixel.
 * @param canvas - in device pixels.
 * @param visible - the part of the image that is seen, in image pixels.
 */
export function previewWish(
  image: PlacedImage | undefined,
  shownScale: number,
  canvas: Size,
  visible?: Rectangle,
): PreviewWish {
  const binning = Math.max(1, Math.round(1 / Math.max(shownScale, 1e-3)));
  const part = image && visible && worthwhilePart(image, binning, visible);
  const wanted = image ? binned(part ?? image, binning) : canvas;
  const maxWidthPx = clamp(Math.ceil(wanted.width), SMALLEST_PX, LARGEST_PX);
  const maxHeightPx = clamp(Math.ceil(wanted.height), SMALLEST_PX, LARGEST_PX);
  const size = { maxWidthPx, maxHeightPx, maxRateHz: maxWidthPx * maxHeightPx > LARGE_PX ? LARGE_HZ : FAST_HZ };
  return part ? { ...size, part: onSensor(part, image) } : size;
}

/** The image binned by the whole number that comes nearest to what is shown, so that small changes of the window change nothing. */
function binned(size: Size, binning: number): Size {
  return { width: Math.ceil(size.width / binning), height: Math.ceil(size.height / binning) };
}

/** The cells of the image that are seen; undefined where all of it is small enough, or most of it is seen. */
function worthwhilePart(image: Size, binning: number, visible: Rectangle): Rectangle | undefined {
  const whole = binned(image, binning);
  const small = whole.width * whole.height <= LARGE_PX && whole.width <= LARGEST_PX && whole.height <= LARGEST_PX;
  if (small || visible.width === 0 || visible.height === 0) return undefined;
  const across = cells(visible.x, visible.width, image.width);
  const down = cells(visible.y, visible.height, image.height);
  if (across.length * down.length > WORTH * image.width * image.height) return undefined;
  return { x: across.first, y: down.first, width: across.length, height: down.length };
}

function cells(first: number, length: number, whole: number): { readonly first: number; readonly length: number } {
  const cell = whole / CELLS;
  const from = Math.floor(Math.floor(first / cell) * cell);
  const to = Math.min(whole, Math.ceil(Math.ceil((first + length) / cell) * cell));
  return { first: from, length: to - from };
}

function onSensor(part: Rectangle, { placement }: PlacedImage): NonNullable<PreviewWish["part"]> {
  return {
    xPx: placement.xPx + part.x * placement.binning,
    yPx: placement.yPx + part.y * placement.binning,
    widthPx: part.width * placement.binning,
    heightPx: part.height * placement.binning,
  };
}
