import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  FIT,
  fitScale,
  freed,
  imagePoint,
  originOf,
  pannedBy,
  scaledAt,
  zoomedAt,
} from "../../../../src/renderer/shared/picture/picture-view";

const canvas = { width: 900, height: 600 };
const image = { width: 1024, height: 1024 };

describe("picture view", () => {
  it("fits the whole image into the middle", () => {
    expect(fitScale(canvas, image)).toBeCloseTo(600 / 1024);
    expect(originOf(freed(FIT, canvas, image), canvas)).toEqual({ x: 150, y: 0 });
  });

  it("zooms at the pointer: the image point under it stays, unless that would lose the image", () => {
    const inside = fc.record({ x: fc.integer({ min: 200, max: 700 }), y: fc.integer({ min: 50, max: 550 }) });
    fc.assert(
      fc.property(inside, fc.double({ min: 1, max: 10, noNaN: true }), (at, factor) => {
        const before = freed(FIT, canvas, image);
        const after = zoomedAt(FIT, factor, at, canvas, image);
        const held = imagePoint(before, at, canvas);
        const now = imagePoint(after, at, canvas);
        expect(now.x).toBeCloseTo(held.x, 6);
        expect(now.y).toBeCloseTo(held.y, 6);
      }),
    );
  });

  it("neither zooms without end nor loses the image", () => {
    const at = { x: 450, y: 300 };
    expect(zoomedAt(FIT, 1e9, at, canvas, image).scale).toBe(64);
    expect(zoomedAt(FIT, 1e-9, at, canvas, image).scale).toBeCloseTo(fitScale(canvas, image) / 2);
    const far = pannedBy(FIT, { x: 1e6, y: -1e6 }, canvas, image);
    expect(far.centre).toEqual({ x: 0, y: 1024 });
  });

  it("pans with the hand", () => {
    const view = scaledAt(FIT, 2, { x: 450, y: 300 }, canvas, image);
    const moved = pannedBy(view, { x: 10, y: -20 }, canvas, image);
    expect(originOf(moved, canvas).x - originOf(view, canvas).x).toBeCloseTo(10);
    expect(originOf(moved, canvas).y - originOf(view, canvas).y).toBeCloseTo(-20);
  });

  it("survives an image or canvas of no size", () => {
    expect(fitScale(canvas, { width: 0, height: 0 })).toBe(1);
  });
});
