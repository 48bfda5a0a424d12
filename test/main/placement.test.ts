import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { overlap, placeWindow, type Rectangle } from "../../src/main/placement";

const LEFT = { x: 0, y: 25, width: 1920, height: 1055 };
const RIGHT = { x: 1920, y: 0, width: 1280, height: 1024 };
const SIZE = { width: 800, height: 600 };

const inside = (rectangle: Rectangle, area: Rectangle) =>
  overlap(rectangle, area) === rectangle.width * rectangle.height && rectangle.width > 0 && rectangle.height > 0;

describe("placeWindow", () => {
  test("puts a new window into the middle of the first display, and others beside it", () => {
    expect(placeWindow(undefined, SIZE, [LEFT, RIGHT])).toEqual({ x: 560, y: 253, ...SIZE });
    expect(placeWindow(undefined, SIZE, [LEFT, RIGHT], 2)).toEqual({ x: 624, y: 317, ...SIZE });
  });

  test("leaves a window where it was, on whichever display", () => {
    const there = { x: 2000, y: 100, width: 640, height: 480 };
    expect(placeWindow(there, SIZE, [LEFT, RIGHT])).toEqual(there);
  });

  test("keeps the size and not the place when the display is gone", () => {
    const there = { x: 2000, y: 100, width: 640, height: 480 };
    expect(placeWindow(there, SIZE, [LEFT])).toEqual({ x: 640, y: 313, width: 640, height: 480 });
  });

  test("moves and shrinks what does not fit any more", () => {
    const there = { x: -200, y: 900, width: 3000, height: 480 };
    expect(placeWindow(there, SIZE, [LEFT])).toEqual({ x: 0, y: 600, width: 1920, height: 480 });
  });

  test("always gives a place that is wholly on one of the displays, and gives it again", () => {
    const pixels = fc.integer({ min: -5000, max: 5000 });
    const length = fc.integer({ min: 1, max: 6000 });
    const rectangle = fc.record({ x: pixels, y: pixels, width: length, height: length });
    const areas = fc.array(rectangle, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.option(rectangle, { nil: undefined }), areas, fc.nat(11), (remembered, displays, others) => {
        const place = placeWindow(remembered, SIZE, displays, others);
        expect(displays.some((area) => inside(place, area))).toBe(true);
        const [own] = displays.filter((area) => inside(place, area));
        if (own) expect(placeWindow(place, SIZE, [own])).toEqual(place);
      }),
    );
  });
});

test("overlap is symmetric, and nothing where two rectangles only touch", () => {
  expect(overlap(LEFT, RIGHT)).toBe(0);
  expect(overlap(LEFT, { x: 1900, y: 0, width: 40, height: 50 })).toBe(20 * 25);
  expect(overlap({ x: 1900, y: 0, width: 40, height: 50 }, LEFT)).toBe(20 * 25);
});
