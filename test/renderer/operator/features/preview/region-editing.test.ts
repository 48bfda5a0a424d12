import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RegionShape } from "../../../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import {
  between,
  moved,
  newRegion,
  regionText,
  resized,
} from "../../../../../src/renderer/operator/features/preview/region-editing";
import type { Handle } from "../../../../../src/renderer/operator/features/preview/region-editing";

const SENSOR = { width: 640, height: 480 };
const coordinate = fc.double({ min: -2000, max: 2000, noNaN: true });
const point = fc.record({ x: coordinate, y: coordinate });
const side = fc.constantFrom<-1 | 0 | 1>(-1, 0, 1);
const region = fc
  .tuple(point, point)
  .map(([from, to]) => newRegion(RegionShape.RECTANGLE, between(from, to, SENSOR), [], "a"));

/** The worker takes it: inside the sensor, at least a pixel each way. */
function isTakable({ xPx, yPx, widthPx, heightPx }: ReturnType<typeof newRegion>): boolean {
  const inside = xPx >= 0 && yPx >= 0 && xPx + widthPx <= SENSOR.width + 1e-6 && yPx + heightPx <= SENSOR.height + 1e-6;
  return inside && widthPx >= 1 - 1e-6 && heightPx >= 1 - 1e-6;
}

describe("whatever is done with the pointer", () => {
  it("draws a region that the worker takes", () => {
    fc.assert(fc.property(region, isTakable));
  });

  it("moves it on the sensor and keeps its size", () => {
    fc.assert(
      fc.property(region, point, (before, by) => {
        const after = moved(before, by, SENSOR);
        return isTakable(after) && after.widthPx === before.widthPx && after.heightPx === before.heightPx;
      }),
    );
  });

  it("resizes it to one that the worker takes, with the other side where it was", () => {
    fc.assert(
      fc.property(region, fc.record({ x: side, y: side }), point, (before, handle: Handle, by) => {
        const after = resized(before, handle, by, SENSOR);
        const rightStays = handle.x >= 0 || Math.abs(after.xPx + after.widthPx - before.xPx - before.widthPx) < 1e-6;
        const leftStays = handle.x < 0 || after.xPx === before.xPx;
        return isTakable(after) && rightStays && leftStays;
      }),
    );
  });
});

describe("a drag", () => {
  it("may go in any direction", () => {
    const place = { x: 10, y: 20, width: 30, height: 40 };
    expect(between({ x: 10, y: 20 }, { x: 40, y: 60 }, SENSOR)).toEqual(place);
    expect(between({ x: 40, y: 60 }, { x: 10, y: 20 }, SENSOR)).toEqual(place);
  });
});

describe("a new region", () => {
  const place = { x: 0, y: 0, width: 10, height: 10 };

  it("has the first name and colour that are free", () => {
    const one = newRegion(RegionShape.ELLIPSE, place, []);
    const two = newRegion(RegionShape.ELLIPSE, place, [one]);
    const three = newRegion(RegionShape.ELLIPSE, place, [two]);
    expect([one, two, three].map(({ name, colour }) => [name, colour])).toEqual([
      ["Region 1", 0],
      ["Region 2", 1],
      ["Region 1", 0],
    ]);
    expect(one.id).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
    expect(one.id).not.toBe(two.id);
  });

  it("says what it is", () => {
    expect(regionText(newRegion(RegionShape.ELLIPSE, { x: 1.4, y: 2, width: 30.2, height: 40 }, []))).toBe(
      "ellipse, 30 × 40 px at 1, 2",
    );
  });
});
