import { describe, expect, it } from "vitest";
import { isSquareBright, readScene, squareRectangle } from "../../src/stimulus";
import { DISPLAY, STIMULUS } from "./support/scenes";

function square(photodiodeCorner: number, photodiodeSquareCm = 2) {
  const { look } = readScene({
    number: 1,
    display: DISPLAY,
    stimulus: { ...STIMULUS, photodiodeCorner, photodiodeSquareCm },
  });
  return squareRectangle(look!, 1920, 1080);
}

describe("squareRectangle", () => {
  it("is as large as was measured, in each corner", () => {
    // 60.96 cm have 1920 px, 36.195 cm have 1080.
    expect(square(4)).toEqual({ left: 0, bottom: 0, width: 63, height: 60 });
    expect(square(5)).toEqual({ left: 1857, bottom: 0, width: 63, height: 60 });
    expect(square(2)).toEqual({ left: 0, bottom: 1020, width: 63, height: 60 });
    expect(square(3)).toEqual({ left: 1857, bottom: 1020, width: 63, height: 60 });
  });

  it("is not there in no corner", () => {
    expect(square(1)).toBeUndefined();
  });

  it("is never larger than the display", () => {
    expect(square(4, 500)).toEqual({ left: 0, bottom: 0, width: 1920, height: 1080 });
  });
});

it("changes with every flip", () => {
  expect([0, 1, 2, 3].map(isSquareBright)).toEqual([true, false, true, false]);
});
