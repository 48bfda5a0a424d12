import { describe, expect, it } from "vitest";
import { PaintingImpossible, PicturePainter } from "../../../../src/renderer/shared/picture/picture-painter";
import type { Look, Picture } from "../../../../src/renderer/shared/picture/picture";
import { fakeCanvas } from "../../support/fake-graphics";

const LOOK: Look = {
  canvasWidthPx: 90,
  canvasHeightPx: 60,
  originXPx: 15,
  originYPx: 0,
  scale: 3,
  contrast: { low: 100, high: 900 },
  markSaturated: true,
};

function picture(widthPx: number, bytesPerPixel: 1 | 2): Picture {
  const size = { widthPx, heightPx: 2, imageWidthPx: widthPx * 4, imageHeightPx: 8, binning: 4 };
  const pixels = new Uint8Array(widthPx * 2 * bytesPerPixel);
  return { ...size, bytesPerPixel, significantBits: bytesPerPixel === 1 ? 8 : 12, pixels };
}

describe("PicturePainter", () => {
  it("uploads 16-bit pixels of any width without gaps between rows", () => {
    const { canvas, asked } = fakeCanvas();
    const painter = new PicturePainter(canvas, () => {});
    painter.take(picture(5, 2));
    painter.draw(LOOK);
    const last = (name: string) => asked.findLast((one) => one.name === name)?.values;
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
    expect(uniform("scale")).toEqual([12]);
    expect(uniform("contrast")).toEqual([100, 900]);
    expect(uniform("saturation")).toEqual([4095]);
    expect([canvas.width, canvas.height]).toEqual([90, 60]);
  });

  it("uploads a picture once, and makes no new texture for one of the same size", () => {
    const { canvas, asked } = fakeCanvas();
    const painter = new PicturePainter(canvas, () => {});
    const count = (name: string) => asked.filter((one) => one.name === name).length;
    painter.take(picture(6, 2));
    painter.draw(LOOK);
    painter.draw({ ...LOOK, scale: 4 });
    expect(count("texSubImage2D")).toBe(1);
    painter.take(picture(6, 2));
    painter.draw(LOOK);
    expect([count("texSubImage2D"), count("texStorage2D")]).toEqual([2, 1]);
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
