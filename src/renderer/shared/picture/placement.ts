/** From the sensor to the image to the window, and back. Pure sums. */
import type { FreeView, Point, Size } from "./picture-view";
import { imagePoint, originOf } from "./picture-view";

/** Where an image lies on the sensor: its left upper corner in sensor pixels, unbinned, and sensor pixels in one of its own, each way. */
export interface Placement {
  readonly xPx: number;
  readonly yPx: number;
  readonly binning: number;
}

/** A rectangle; in which pixels is said where one is used. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An image, how large it is in its own pixels and where it lies. */
export interface PlacedImage extends Size {
  readonly placement: Placement;
}

/** A place of the window, in CSS pixels, as a place of the sensor. */
export function sensorPoint(at: Point, view: FreeView, canvas: Size, { xPx, yPx, binning }: Placement): Point {
  const { x, y } = imagePoint(view, at, canvas);
  return { x: xPx + x * binning, y: yPx + y * binning };
}

/** A rectangle of the sensor where it is seen in the window, in CSS pixels. */
export function seenRectangle(
  { x, y, width, height }: Rectangle,
  view: FreeView,
  canvas: Size,
  placement: Placement,
): Rectangle {
  const origin = originOf(view, canvas);
  const scale = view.scale / placement.binning;
  return {
    x: origin.x + (x - placement.xPx) * scale,
    y: origin.y + (y - placement.yPx) * scale,
    width: width * scale,
    height: height * scale,
  };
}

/** CSS pixels in one sensor pixel. */
export function sensorScale(view: FreeView, placement: Placement): number {
  return view.scale / placement.binning;
}

/** The part of the image that the window shows, in image pixels; a width or height of 0 where it shows none. */
export function visiblePart(view: FreeView, canvas: Size, image: Size): Rectangle {
  const low = imagePoint(view, { x: 0, y: 0 }, canvas);
  const high = imagePoint(view, { x: canvas.width, y: canvas.height }, canvas);
  const x = Math.max(0, low.x);
  const y = Math.max(0, low.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(image.width, high.x) - x),
    height: Math.max(0, Math.min(image.height, high.y) - y),
  };
}
