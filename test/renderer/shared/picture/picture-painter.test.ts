import { describe, expect, it } from "vitest";
import { PaintingImpossible, PicturePainter } from "../../../../src/renderer/shared/picture/picture-painter";
import { fakeCanvas } from "../../support/fake-graphics";
import type { Asked } from "../../support/fake-graphics";
import { madeLook, madePicture } from "../../support/made-picture";

const LOOK = madeLook({
  canvasWidthPx: 90,
  canvasHeightPx: 60,
  originXPx: 15,
  scale: 3,
  contrast: { black: 0.25, white: 0.5 },
  gamma: 2,
  markSaturated: true,
  overlayOpacity: 0.4,
});

const picture = (widthPx: number, bytesPerPixel: 1 | 2) => madePicture({ widthPx, bytesPerPixel, binning: 4 });

/** What is asked of the first texture unit, where the picture is. */
function ofPicture(asked: readonly Asked[]): Asked[] {
  let unit: unknown;
  return asked.filter(({ name, values }) => {
    if (name === "activeTexture") unit = values[0];
    return unit === "TEXTURE00";
  });
}

describe("PicturePainter", () => {
  it("uploads 16-bit pixels of any width without gaps between rows", () => {
    const { canvas, asked } = fakeCanvas();
    const painter = new PicturePainter(canvas, () => {});
    painter.take(picture(5, 2));
    painter.draw(LOOK);
    const last = (name: string) => ofPicture(asked).findLast((one) => one.name === name)?.values;
    expect(last("pixelStorei")).toEqual(["UNPACK_ALIGNMENT", 2]);
    expect(last("texStorage2D")).toEqual(["TEXTURE_2D", 1, "R16UI", 5, 2]);
    expect(last("texSubImage2D")?.slice(4, 8)).toEqual([5, 2, "RED_INTEGER", "UNSIGNED_SHORT"]);
    painter.take(picture(5, 1));
    painter.draw(LOOK);
    expect(last("pixelStorei")).toEqual(["UNPACK_ALIGNMENT", 1]);
    expect(last("texStorage2D")).toEqual(["TEXTURE_2D", 1, "R8UI", 5, 2]);
  });

  it("draws preview pixels as large as the image pixels they stand for", () => {
    const { canvas, asked } = fakeCanvas();
    const painter = new PicturePainter(canvas, () => {});
    painter.take(picture(5, 2));
    painter.draw(LOOK);
    const uniform = (name: string) => asked.findLast(({ values }) => values[0] === name)?.values.slice(1);
    expect(uniform("scale")).toEqual([3]);
    expect(uniform("part")).toEqual([0, 0, 4]);
    expect(uniform("image")).toEqual([20, 8]);
    expect(uniform("contrast")).toEqual([0.25 * 4095, 0.5 * 4095]);
    expect(uniform("gamma")).toEqual([2]);
    expect(uniform("saturation")).toEqual([4095]);
    expect([canvas.width, canvas.height]).toEqual([90, 60]);
  });

  it("uploads a picture once, and makes no new texture for one of the same size", () => {
    const { canvas, asked } = fakeCanvas();
    const painter = new PicturePainter(canvas, () => {});
    const count = (name: string) => ofPicture(asked).filter((one) => one.name === name).length;
    painter.take(picture(6, 2));
    painter.draw(LOOK);
    painter.draw({ ...LOOK, scale: 4 });
    expect(count("texSubImage2D")).toBe(1);
    painter.take(picture(6, 2));
    painter.draw(LOOK);
    expect([count("texSubImage2D"), count("texStorage2D")]).toEqual([2, 1]);
  });

  it("lays a reference where it lies on the sensor, and takes it away", () => {
    const { canvas, asked } = fakeCanvas();
    const painter = new PicturePainter(canvas, () => {});
    const uniform = (name: string) => asked.findLast(({ values }) => values[0] === name)?.values.slice(1);
    painter.take({ ...picture(6, 2), placement: { xPx: 32, yPx: 16, binning: 2 } });
    painter.draw(LOOK);
    expect(uniform("overlayOpacity")).toEqual([0]);
    const { widthPx, heightPx, bytesPerPixel, pixels } = picture(3, 1);
    painter.overlay({ widthPx, heightPx, bytesPerPixel, pixels, placement: { xPx: 10, yPx: 20, binning: 8 } });
    painter.draw(LOOK);
    expect(uniform("sensor")).toEqual([32, 16, 2]);
    expect(uniform("overlayPlace")).toEqual([10, 20, 8]);
    expect(uniform("overlayOpacity")).toEqual([0.4]);
    painter.overlay(undefined);
    painter.draw(LOOK);
    expect(uniform("overlayOpacity")).toEqual([0]);
  });

  it("shows the last whole picture beside a part, as long as it is of the same image", () => {
    const { canvas, asked } = fakeCanvas();
    const painter = new PicturePainter(canvas, () => {});
    const uniform = (name: string) => asked.findLast(({ values }) => values[0] === name)?.values.slice(1);
    const whole = picture(6, 2);
    const part = { ...madePicture({ bytesPerPixel: 2 }), imageWidthPx: 24, imageHeightPx: 8, partXPx: 5, partYPx: 3 };
    painter.take(whole);
    painter.draw(LOOK);
    expect(uniform("backdropBinning")).toEqual([0]);
    painter.take(part);
    painter.draw(LOOK);
    expect(uniform("part")).toEqual([5, 3, 1]);
    expect(uniform("backdropBinning")).toEqual([4]);
    painter.take({ ...part, placement: { xPx: 8, yPx: 0, binning: 1 } });
    painter.draw(LOOK);
    expect(uniform("backdropBinning")).toEqual([0]);
  });

  it("does nothing while the context is lost, and shows the same picture when it is back", () => {
    const { canvas, asked, lose, restore } = fakeCanvas();
    const told: boolean[] = [];
    const painter = new PicturePainter(canvas, (lost) => told.push(lost));
    painter.take(picture(6, 2));
    painter.draw(LOOK);
    lose();
    asked.length = 0;
    painter.draw(LOOK);
    expect(asked).toEqual([]);
    restore();
    expect(told).toEqual([true, false]);
    painter.draw(LOOK);
    const names = asked.map(({ name }) => name);
    expect(names).toContain("linkProgram");
    expect(names).toContain("texSubImage2D");
    expect(names.at(-1)).toBe("drawArrays");
  });

  it("says so where there is no WebGL2", () => {
    const bare = Object.assign(new EventTarget(), { getContext: () => null }) as unknown as HTMLCanvasElement;
    expect(() => new PicturePainter(bare, () => {})).toThrow(PaintingImpossible);
  });
});
