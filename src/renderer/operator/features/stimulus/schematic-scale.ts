/** From degrees of the visual field to pixels of the schematic, and back bounds that hold a screen. */
import type { VisualAngles } from "../../../../stimulus";

export interface SchematicScale {
  readonly pxPerDeg: number;
  /** Column of an azimuth. */
  x(azimuthDeg: number): number;
  /** Row of an altitude. */
  y(altitudeDeg: number): number;
}

export interface FieldBounds {
  readonly azimuth: readonly [number, number];
  readonly altitude: readonly [number, number];
}

/** Degrees kept free around the screen. */
const MARGIN_DEG = 5;

/** The outline without jumps from 180° to -180°. */
export function unwrapped(outline: readonly VisualAngles[]): VisualAngles[] {
  let before = outline[0]?.azimuthDeg ?? 0;
  return outline.map(({ azimuthDeg, altitudeDeg }) => {
    const near = azimuthDeg - 360 * Math.round((azimuthDeg - before) / 360);
    before = near;
    return { azimuthDeg: near, altitudeDeg };
  });
}

/** What the schematic has to show: the screen, and straight ahead, where the nose points. */
export function boundsOf(outline: readonly VisualAngles[]): FieldBounds {
  const azimuths = [0, ...outline.map(({ azimuthDeg }) => azimuthDeg)];
  const altitudes = [0, ...outline.map(({ altitudeDeg }) => altitudeDeg)];
  return {
    azimuth: [Math.min(...azimuths) - MARGIN_DEG, Math.max(...azimuths) + MARGIN_DEG],
    altitude: [Math.min(...altitudes) - MARGIN_DEG, Math.max(...altitudes) + MARGIN_DEG],
  };
}

/** Room that is kept free at the left and below, for what stands beside the lines. */
export interface SchematicInsets {
  readonly left: number;
  readonly bottom: number;
}

/** A degree is as wide as it is high, and the bounds are in the middle of what the insets leave. */
export function fitScale(
  { azimuth, altitude }: FieldBounds,
  widthPx: number,
  heightPx: number,
  { left, bottom }: SchematicInsets,
): SchematicScale {
  const free = { width: widthPx - left, height: heightPx - bottom };
  const pxPerDeg = Math.min(free.width / (azimuth[1] - azimuth[0]), free.height / (altitude[1] - altitude[0]));
  const middle = { azimuth: (azimuth[0] + azimuth[1]) / 2, altitude: (altitude[0] + altitude[1]) / 2 };
  return {
    pxPerDeg,
    x: (azimuthDeg) => left + free.width / 2 + (azimuthDeg - middle.azimuth) * pxPerDeg,
    y: (altitudeDeg) => free.height / 2 - (altitudeDeg - middle.altitude) * pxPerDeg,
  };
}

/** Round degrees for lines across the bounds, at most so many. */
export function gridDegrees([low, high]: readonly [number, number], most: number): number[] {
  const step = [10, 15, 30, 45, 60, 90].find((one) => (high - low) / one <= most) ?? 90;
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, index) => first + index * step);
}
