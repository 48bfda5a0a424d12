/** Which preview to ask for: as fine as is shown and no more of it, no finer. */
import type { PreviewWish } from "../../../mirror";
import { clamp } from "../clamp";
import type { Size } from "./picture-view";
import type { PlacedImage, Rectangle } from "./placement";

/** The service takes no smaller and no larger ones, each way. */
const [SMALLEST_PX, LARGEST_PX] = [16, 4096];
/** Larger pictures are more than a link should carry all day. */
const MOST_PX = 2048 * 2048;
const FAST_HZ = 60;
const LARGE_HZ = 30;
const LARGE_PX = 1_200_000;
/** A part is cut along a grid of so many cells each way, so that small moves change nothing. */
const CELLS = 16;
/** A part that is more than this of the image is not worth leaving the rest out, unless it comes finer. */
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
  const wanted = image ? binned(part ?? image, carriedBinning(part ?? image, binning)) : canvas;
  const maxWidthPx = clamp(Math.ceil(wanted.width), SMALLEST_PX, LARGEST_PX);
  const maxHeightPx = clamp(Math.ceil(wanted.height), SMALLEST_PX, LARGEST_PX);
  const size = { maxWidthPx, maxHeightPx, maxRateHz: maxWidthPx * maxHeightPx > LARGE_PX ? LARGE_HZ : FAST_HZ };
  return part ? { ...size, part: onSensor(part, image) } : size;
}

/** The image binned by the whole number that comes nearest to what is shown, so that small changes of the window change nothing. */
function binned(size: Size, binning: number): Size {
  return { width: Math.ceil(size.width / binning), height: Math.ceil(size.height / binning) };
}

/** The first binning, from the one wanted on, at which a picture is small enough to be carried. */
function carriedBinning(size: Size, wanted: number): number {
  let binning = wanted;
  while (!isCarried(binned(size, binning))) binning += 1;
  return binning;
}

function isCarried({ width, height }: Size): boolean {
  return width * height <= MOST_PX && width <= LARGEST_PX && height <= LARGEST_PX;
}

/** The cells of the image that are seen; undefined where all of it is small enough, or most of it is seen and comes as fine. */
function worthwhilePart(image: Size, binning: number, visible: Rectangle): Rectangle | undefined {
  const whole = binned(image, binning);
  const small = whole.width * whole.height <= LARGE_PX && isCarried(whole);
  if (small || visible.width === 0 || visible.height === 0) return undefined;
  const part = seenCells(image, visible, 0);
  const most = part.width * part.height > WORTH * image.width * image.height;
  if (most && carriedBinning(part, binning) >= carriedBinning(image, binning)) return undefined;
  // A rim around it costs little where it is little: somebody who moves on finds it there.
  const rimmed = seenCells(image, visible, 1);
  const { width, height } = binned(rimmed, binning);
  return width * height <= LARGE_PX ? rimmed : part;
}

function seenCells(image: Size, { x, y, width, height }: Rectangle, rim: number): Rectangle {
  const across = cells(x, width, image.width, rim);
  const down = cells(y, height, image.height, rim);
  return { x: across.first, y: down.first, width: across.length, height: down.length };
}

/** @param rim - cells more on each side, as far as there are any. */
function cells(
  first: number,
  length: number,
  whole: number,
  rim: number,
): { readonly first: number; readonly length: number } {
  const cell = whole / CELLS;
  const from = Math.max(0, Math.floor((Math.floor(first / cell) - rim) * cell));
  const to = Math.min(whole, Math.ceil((Math.ceil((first + length) / cell) + rim) * cell));
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
