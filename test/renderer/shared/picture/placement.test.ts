import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  seenRectangle,
  sensorPoint,
  sensorScale,
  visiblePart,
} from "../../../../src/renderer/shared/picture/placement";
import type { FreeView } from "../../../../src/renderer/shared/picture/picture-view";

const canvas = { width: 800, height: 600 };
const number = fc.integer({ min: 0, max: 2000 });
const placement = fc.record({ xPx: number, yPx: number, binning: fc.integer({ min: 1, max: 8 }) });
const view: fc.Arbitrary<FreeView> = fc.record({
  kind: fc.constant("free" as const),
  scale: fc.double({ min: 0.01, max: 64, noNaN: true }),
  centre: fc.record({ x: number, y: number }),
});

describe("sensor and window", () => {
  it("are the same place there and back", () => {
    fc.assert(
      fc.property(view, placement, number, number, (looked, placed, x, y) => {
        const at = sensorPoint({ x, y }, looked, canvas, placed);
        const seen = seenRectangle({ ...at, width: 10, height: 20 }, looked, canvas, placed);
        const scale = sensorScale(looked, placed);
        expect(seen.x).toBeCloseTo(x, 4);
        expect(seen.y).toBeCloseTo(y, 4);
        expect([seen.width, seen.height]).toEqual([10 * scale, 20 * scale]);
      }),
    );
  });

  it("go by binning and read-out region", () => {
    const looked: FreeView = { kind: "free", scale: 2, centre: { x: 400, y: 300 } };
    const placed = { xPx: 100, yPx: 50, binning: 4 };
    expect(sensorPoint({ x: 400, y: 300 }, looked, canvas, placed)).toEqual({ x: 100 + 1600, y: 50 + 1200 });
  });
});

describe("visiblePart", () => {
  it("is the image where all of it is seen, and nothing where none is", () => {
    const image = { width: 100, height: 80 };
    const all: FreeView = { kind: "free", scale: 1, centre: { x: 50, y: 40 } };
    expect(visiblePart(all, canvas, image)).toEqual({ x: 0, y: 0, width: 100, height: 80 });
    const beside: FreeView = { kind: "free", scale: 10, centre: { x: 500, y: 40 } };
    expect(visiblePart(beside, canvas, image).width).toBe(0);
  });
});
