/** Drawing, moving and resizing regions: pure sums in sensor pixels, unbinned. */
import { RegionShape } from "../../../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import type { RegionMirror } from "../../../../mirror";
import { clamp } from "../../../shared/clamp";
import type { Rectangle } from "../../../shared/picture/placement";
import type { Point, Size } from "../../../shared/picture/picture-view";
import { REGION_STYLES } from "../../../shared/picture/region-colours";

/** The worker watches no more. */
export const MOST_REGIONS = 16;
const LEAST_PX = 1;

/** Which corner or edge is dragged: -1 the left or upper one, 1 the right or lower one, 0 neither. */
export interface Handle {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

/** The rectangle between two corners, inside the sensor, at least a pixel wide and high. */
export function between(from: Point, to: Point, sensor: Size): Rectangle {
  const [x, width] = span(from.x, to.x, sensor.width);
  const [y, height] = span(from.y, to.y, sensor.height);
  return { x, y, width, height };
}

/** The region moved by so many sensor pixels, as far as the sensor goes. */
export function moved(region: RegionMirror, by: Point, sensor: Size): RegionMirror {
  return {
    ...region,
    xPx: clamp(region.xPx + by.x, 0, Math.max(0, sensor.width - region.widthPx)),
    yPx: clamp(region.yPx + by.y, 0, Math.max(0, sensor.height - region.heightPx)),
  };
}

/** The region with one corner or edge moved by so many sensor pixels; the other side stays. */
export function resized(region: RegionMirror, handle: Handle, by: Point, sensor: Size): RegionMirror {
  const [xPx, widthPx] = stretched(region.xPx, region.widthPx, handle.x, by.x, sensor.width);
  const [yPx, heightPx] = stretched(region.yPx, region.heightPx, handle.y, by.y, sensor.height);
  return { ...region, xPx, widthPx, yPx, heightPx };
}

/** A new region; its name and colour are the first that no other has. */
export function newRegion(
  shape: RegionShape.RECTANGLE | RegionShape.ELLIPSE,
  { x, y, width, height }: Rectangle,
  others: readonly RegionMirror[],
  id: string = crypto.randomUUID(),
): RegionMirror {
  const names = new Set(others.map(({ name }) => name));
  const colours = new Set(others.map(({ colour }) => colour));
  const number = firstFree(1, (one) => !names.has(`Region ${one}`));
  const colour = firstFree(0, (one) => !colours.has(one) || one >= REGION_STYLES) % REGION_STYLES;
  const place = { xPx: x, yPx: y, widthPx: width, heightPx: height };
  return { id, name: `Region ${number}`, shape, colour, ...place };
}

/** "rectangle, 120 × 80 px at 400, 300": for who does not see it. */
export function regionText({ shape, xPx, yPx, widthPx, heightPx }: RegionMirror): string {
  const kind = shape === RegionShape.ELLIPSE ? "ellipse" : "rectangle";
  const [width, height, x, y] = [widthPx, heightPx, xPx, yPx].map(Math.round);
  return `${kind}, ${width} × ${height} px at ${x}, ${y}`;
}

function firstFree(from: number, isFree: (number: number) => boolean): number {
  let number = from;
  while (!isFree(number)) number += 1;
  return number;
}

function span(one: number, other: number, most: number): [first: number, length: number] {
  const low = clamp(Math.min(one, other), 0, Math.max(0, most - LEAST_PX));
  const high = clamp(Math.max(one, other), low + LEAST_PX, Math.max(low + LEAST_PX, most));
  return [low, high - low];
}

function stretched(first: number, length: number, side: -1 | 0 | 1, by: number, most: number): [number, number] {
  if (side === 0) return [first, length];
  const last = first + length;
  if (side > 0) return [first, clamp(length + by, LEAST_PX, Math.max(LEAST_PX, most - first))];
  const moving = clamp(first + by, 0, last - LEAST_PX);
  return [moving, last - moving];
}
