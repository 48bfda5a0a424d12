import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anglesAt, screenOutline } from "../../src/stimulus";
import type { ScreenGeometry } from "../../src/stimulus";

interface Vectors {
  readonly tolerance_deg: number;
  readonly screens: readonly {
    readonly name: string;
    readonly geometry: ScreenGeometry;
    /** x, y, azimuth, altitude. */
    readonly points: readonly (readonly [number, number, number, number])[];
  }[];
}

const vectors = JSON.parse(
  readFileSync(new URL("../vectors/stimulus-geometry.json", import.meta.url), "utf8"),
) as Vectors;

const STRAIGHT: ScreenGeometry = { distanceCm: 25, lateralAngleDeg: 0, tiltDeg: 0, widthCm: 60.96, heightCm: 36.195 };

const screens = fc.record({
  distanceCm: fc.double({ min: 1, max: 200, noNaN: true }),
  lateralAngleDeg: fc.double({ min: -90, max: 90, noNaN: true }),
  tiltDeg: fc.double({ min: -90, max: 90, noNaN: true }),
  widthCm: fc.double({ min: 1, max: 500, noNaN: true }),
  heightCm: fc.double({ min: 1, max: 500, noNaN: true }),
});
const part = fc.double({ min: -0.5, max: 0.5, noNaN: true });

const rad = (degrees: number) => (degrees * Math.PI) / 180;
const deg = (radians: number) => (radians * 180) / Math.PI;

/** The unit vector of two angles: right, up, ahead. */
function towards({ azimuthDeg, altitudeDeg }: { azimuthDeg: number; altitudeDeg: number }) {
  const [azimuth, altitude] = [rad(azimuthDeg), rad(altitudeDeg)];
  return [Math.cos(altitude) * Math.sin(azimuth), Math.sin(altitude), Math.cos(altitude) * Math.cos(azimuth)] as const;
}

describe("anglesAt", () => {
  it.each(vectors.screens)("gives what the worker gives: $name", ({ geometry, points }) => {
    expect(points.length).toBeGreaterThan(20);
    for (const [x, y, azimuthDeg, altitudeDeg] of points) {
      const angles = anglesAt(geometry, x, y);
      expect(Math.abs(angles.azimuthDeg - azimuthDeg)).toBeLessThan(vectors.tolerance_deg);
      expect(Math.abs(angles.altitudeDeg - altitudeDeg)).toBeLessThan(vectors.tolerance_deg);
    }
  });

  it("looks straight ahead at the middle", () => {
    expect(anglesAt(STRAIGHT, 0, 0)).toEqual({ azimuthDeg: 0, altitudeDeg: 0 });
  });

  it("follows the published formulas where the screen is not turned", () => {
    for (const [x, y] of [
      [25, 0],
      [-30.48, 18.1],
      [10, -18],
      [0, 7],
    ] as const) {
      const { azimuthDeg, altitudeDeg } = anglesAt(STRAIGHT, x, y);
      expect(azimuthDeg).toBeCloseTo(deg(Math.atan(x / 25)), 10);
      expect(altitudeDeg).toBeCloseTo(deg(Math.asin(y / Math.sqrt(25 ** 2 + x ** 2 + y ** 2))), 10);
    }
  });

  it("turns the whole screen to the animal's left by the lateral angle", () => {
    fc.assert(
      fc.property(screens, part, part, (screen, x, y) => {
        const before = anglesAt({ ...screen, lateralAngleDeg: 0 }, x * screen.widthCm, y * screen.heightCm);
        const after = anglesAt(screen, x * screen.widthCm, y * screen.heightCm);
        fc.pre(Math.abs(after.altitudeDeg) < 89.9);
        const fallen = before.azimuthDeg - after.azimuthDeg - screen.lateralAngleDeg;
        expect(Math.abs(fallen - 360 * Math.round(fallen / 360))).toBeLessThan(1e-6);
        expect(after.altitudeDeg).toBeCloseTo(before.altitudeDeg, 9);
      }),
    );
  });

  it("leans the middle up by the tilt", () => {
    const { azimuthDeg, altitudeDeg } = anglesAt({ ...STRAIGHT, tiltDeg: 20 }, 0, 0);
    expect(altitudeDeg).toBeCloseTo(20, 10);
    expect(azimuthDeg).toBeCloseTo(0, 10);
  });

  it("keeps every distance from the eye and every angle between two points, however the screen is turned", () => {
    fc.assert(
      fc.property(screens, part, part, part, part, (screen, x1, y1, x2, y2) => {
        const points = [
          [x1 * screen.widthCm, y1 * screen.heightCm],
          [x2 * screen.widthCm, y2 * screen.heightCm],
        ] as const;
        const [one, other] = points.map(([x, y]) => towards(anglesAt(screen, x, y)));
        const [a, b] = points;
        const d2 = screen.distanceCm ** 2;
        const cosine =
          (a[0] * b[0] + a[1] * b[1] + d2) /
          (Math.hypot(...a, screen.distanceCm) * Math.hypot(...b, screen.distanceCm));
        const seen = one![0] * other![0] + one![1] * other![1] + one![2] * other![2];
        expect(seen).toBeCloseTo(cosine, 9);
      }),
    );
  });
});

describe("screenOutline", () => {
  it("goes round the screen's edge from the lower left corner, counter-clockwise", () => {
    const outline = screenOutline(STRAIGHT, 8);
    expect(outline).toHaveLength(32);
    const corners = [0, 8, 16, 24].map((index) => outline[index]!);
    expect(corners.map(({ azimuthDeg }) => Math.sign(azimuthDeg))).toEqual([-1, 1, 1, -1]);
    expect(corners.map(({ altitudeDeg }) => Math.sign(altitudeDeg))).toEqual([-1, -1, 1, 1]);
    expect(corners[1]).toEqual(anglesAt(STRAIGHT, 30.48, -36.195 / 2));
  });
});
