/** The square in a corner that flips with every frame, for a photodiode that checks the times. */
import type { StimulusLook } from "./scene";

/** In physical pixels from the display's lower left corner, as the animal sees it. */
export interface PixelRectangle {
  readonly left: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

type Square = Pick<StimulusLook, "geometry" | "photodiodeCorner" | "photodiodeSquareCm">;

/** Where the square stands; undefined: there is none. It is at least a pixel, and at most the display. */
export function squareRectangle(look: Square, widthPx: number, heightPx: number): PixelRectangle | undefined {
  const { geometry, photodiodeCorner: corner, photodiodeSquareCm: sideCm } = look;
  if (!corner) return undefined;
  const width = side(sideCm / geometry.widthCm, widthPx);
  const height = side(sideCm / geometry.heightCm, heightPx);
  return {
    left: corner.endsWith("left") ? 0 : widthPx - width,
    bottom: corner.startsWith("bottom") ? 0 : heightPx - height,
    width,
    height,
  };
}

/** Opposite from one flip to the next. */
export function isSquareBright(flipIndex: number): boolean {
  return flipIndex % 2 === 0;
}

function side(part: number, wholePx: number): number {
  return Math.min(wholePx, Math.max(1, Math.round(part * wholePx)));
}
