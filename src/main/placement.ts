/** Where a window is put: where it was, unless that place is gone or too small. */
import type { Size } from "./window-kinds";

/** A rectangle on the desktop, in device-independent pixels. */
export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

/** Where a window stood last. */
export interface Placement {
  /** Of the window when it is not maximized. */
  readonly bounds: Rectangle;
  readonly maximized: boolean;
}

/** New windows without a place of their own are put so far from each other. */
const CASCADE_PX = 32;

/**
 * A place for a window, wholly within the work area of a display: the one that the remembered place overlaps most, else the first.
 *
 * @param remembered - undefined: it had none; then it stands in the middle, `others` steps aside.
 * @param workAreas - of the displays, the primary one first; at least one.
 */
export function placeWindow(
  remembered: Rectangle | undefined,
  size: Size,
  workAreas: readonly Rectangle[],
  others = 0,
): Rectangle {
  const [first, ...more] = workAreas;
  if (!first) return { x: 0, y: 0, ...size, ...remembered };
  if (remembered === undefined) return within(middleOf(first, size, others * CASCADE_PX), first);
  const best = more.reduce(
    (kept, area) => (overlap(area, remembered) > overlap(kept, remembered) ? area : kept),
    first,
  );
  // The display is gone: its size is kept, the place is not.
  if (overlap(best, remembered) === 0) return within(middleOf(first, remembered, 0), first);
  return within(remembered, best);
}

function middleOf(area: Rectangle, size: Size, aside: number): Rectangle {
  return {
    x: Math.round(area.x + (area.width - size.width) / 2) + aside,
    y: Math.round(area.y + (area.height - size.height) / 2) + aside,
    width: size.width,
    height: size.height,
  };
}

/** The rectangle, made small enough for the area and moved into it. */
function within(rectangle: Rectangle, area: Rectangle): Rectangle {
  const width = Math.min(rectangle.width, area.width);
  const height = Math.min(rectangle.height, area.height);
  return {
    x: Math.min(Math.max(rectangle.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(rectangle.y, area.y), area.y + area.height - height),
    width,
    height,
  };
}

/** Square pixels that two rectangles have in common. */
export function overlap(one: Rectangle, other: Rectangle): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Whether two rectangles lie in the same place and have the same size. */
export function isSame(one: Rectangle, other: Rectangle): boolean {
  return one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;
}
