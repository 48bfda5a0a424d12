import { describe, expect, it } from "vitest";
import { newRegion } from "../../../src/renderer/operator/features/preview/region-editing";
import { homeOf } from "../../../src/renderer/preview/region-home";
import { freed } from "../../../src/renderer/shared/picture/picture-view";

const image = { width: 200, height: 100, placement: { xPx: 100, yPx: 50, binning: 2 } };
const region = (x: number, y: number, width: number, height: number) => newRegion(1, { x, y, width, height }, []);

describe("homeOf", () => {
  it("is the region and a little around it, in image pixels", () => {
    expect(homeOf(region(140, 70, 40, 20), image)).toEqual({ x: 18, y: 9, width: 24, height: 12 });
  });

  it("ends where the image does, and is none beside it", () => {
    expect(homeOf(region(100, 50, 400, 20), image)).toMatchObject({ x: 0, width: 200 });
    expect(homeOf(region(0, 0, 20, 20), image)).toBeUndefined();
  });

  it("is what fits the window", () => {
    const home = { x: 18, y: 9, width: 24, height: 12 };
    const view = freed({ kind: "fit" }, { width: 240, height: 240 }, { ...image, home });
    expect(view).toMatchObject({ scale: 10, centre: { x: 30, y: 15 } });
  });
});
