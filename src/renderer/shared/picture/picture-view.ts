/** Where one looks at an image and how closely: fit, zoom at a point, pan. Pure sums, in CSS pixels. */

import { clamp } from "../clamp";

/** A place on the canvas or its size, in CSS pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An image, and the part of it that is seen when it fits; absent: all of it. In image pixels. */
export interface FramedImage extends Size {
  readonly home?: (Point & Size) | undefined;
}

/** What is looked at: everything, or a place at a scale. */
export type PictureView = { readonly kind: "fit" } | FreeView;

export interface FreeView {
  readonly kind: "free";
  /** CSS pixels in one image pixel. */
  readonly scale: number;
  /** The image pixel in the middle of the canvas. */
  readonly centre: Point;
}

export const FIT: PictureView = { kind: "fit" };

const LARGEST_SCALE = 64;
const SMALLEST_PART_OF_FIT = 0.5;

/** The scale at which the whole image is seen. */
export function fitScale(canvas: Size, image: Size): number {
  if (image.width === 0 || image.height === 0) return 1;
  return Math.min(canvas.width / image.width, canvas.height / image.height);
}

/** The view as a place and a scale. */
export function freed(view: PictureView, canvas: Size, image: FramedImage): FreeView {
  if (view.kind === "free") return view;
  const { x, y, width, height } = image.home ?? { x: 0, y: 0, width: image.width, height: image.height };
  return { kind: "free", scale: fitScale(canvas, { width, height }), centre: { x: x + width / 2, y: y + height / 2 } };
}

/** Where the image's left upper corner falls on the canvas. */
export function originOf(view: FreeView, canvas: Size): Point {
  return { x: canvas.width / 2 - view.centre.x * view.scale, y: canvas.height / 2 - view.centre.y * view.scale };
}

/** The view after zooming by a factor; the image point under `at` stays there. */
export function zoomedAt(view: PictureView, factor: number, at: Point, canvas: Size, image: FramedImage): FreeView {
  const now = freed(view, canvas, image);
  const scale = clampScale(now.scale * factor, canvas, image);
  const held = imagePoint(now, at, canvas);
  const centre = {
    x: held.x - (at.x - canvas.width / 2) / scale,
    y: held.y - (at.y - canvas.height / 2) / scale,
  };
  return keptInSight({ kind: "free", scale, centre }, image);
}

/** The view at a scale, the image point under `at` held. */
export function scaledAt(view: PictureView, scale: number, at: Point, canvas: Size, image: FramedImage): FreeView {
  return zoomedAt(view, scale / freed(view, canvas, image).scale, at, canvas, image);
}

/** The view after dragging the image by so many CSS pixels. */
export function pannedBy(view: PictureView, by: Point, canvas: Size, image: FramedImage): FreeView {
  const now = freed(view, canvas, image);
  const centre = { x: now.centre.x - by.x / now.scale, y: now.centre.y - by.y / now.scale };
  return keptInSight({ ...now, centre }, image);
}

/** The image point under a place on the canvas. */
export function imagePoint(view: FreeView, at: Point, canvas: Size): Point {
  const origin = originOf(view, canvas);
  return { x: (at.x - origin.x) / view.scale, y: (at.y - origin.y) / view.scale };
}

/** The image cannot be lost: the middle of the canvas always shows some of it. */
function keptInSight(view: FreeView, image: Size): FreeView {
  const centre = {
    x: clamp(view.centre.x, 0, image.width),
    y: clamp(view.centre.y, 0, image.height),
  };
  return { ...view, centre };
}

function clampScale(scale: number, canvas: Size, image: Size): number {
  const fit = fitScale(canvas, image);
  return clamp(scale, fit * SMALLEST_PART_OF_FIT, Math.max(LARGEST_SCALE, fit));
}
