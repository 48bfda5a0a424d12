import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  boundsOf,
  fitScale,
  gridDegrees,
  unwrapped,
} from "../../../../../src/renderer/operator/features/stimulus/schematic-scale";
import { screenOutline } from "../../../../../src/stimulus";

const NO_INSETS = { left: 0, bottom: 0 };
const angle = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
const screens = fc.record({
  distanceCm: fc.double({ min: 5, max: 100, noNaN: true }),
  lateralAngleDeg: angle(90),
  tiltDeg: angle(40),
  widthCm: fc.double({ min: 10, max: 100, noNaN: true }),
  heightCm: fc.double({ min: 10, max: 40, noNaN: true }),
});

describe("fitScale", () => {
  it("keeps every point of any screen inside, with degrees as wide as high", () => {
    const insets = { left: 34, bottom: 18 };
    fc.assert(
      fc.property(
        screens,
        fc.integer({ min: 100, max: 800 }),
        fc.integer({ min: 60, max: 400 }),
        (screen, width, height) => {
          const outline = unwrapped(screenOutline(screen, 12));
          const scale = fitScale(boundsOf(outline), width, height, insets);
          expect(scale.x(1) - scale.x(0)).toBeCloseTo(scale.y(0) - scale.y(1), 9);
          for (const { azimuthDeg, altitudeDeg } of outline) {
            expect(scale.x(azimuthDeg)).toBeGreaterThan(insets.left);
            expect(scale.x(azimuthDeg)).toBeLessThan(width);
            expect(scale.y(altitudeDeg)).toBeGreaterThan(0);
            expect(scale.y(altitudeDeg)).toBeLessThan(height - insets.bottom);
          }
        },
      ),
    );
  });

  it("has the animal's right at the right, and up above", () => {
    const scale = fitScale({ azimuth: [-40, 40], altitude: [-20, 20] }, 160, 80, NO_INSETS);
    expect([scale.x(10), scale.y(10)]).toEqual([100, 20]);
  });
});

describe("unwrapped", () => {
  it("follows a screen over the back of the head without a jump", () => {
    const outline = [170, 178, -176, -170].map((azimuthDeg) => ({ azimuthDeg, altitudeDeg: 0 }));
    expect(unwrapped(outline).map(({ azimuthDeg }) => azimuthDeg)).toEqual([170, 178, 184, 190]);
  });
});

describe("gridDegrees", () => {
  it("gives round degrees within the bounds, no more than asked for by much", () => {
    expect(gridDegrees([-97, 37], 8)).toEqual([-90, -60, -30, 0, 30]);
    expect(gridDegrees([-14, 14], 8)).toEqual([-10, 0, 10]);
  });
});
