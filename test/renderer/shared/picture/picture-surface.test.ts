import { describe, expect, it } from "vitest";
import { CanvasSurface } from "../../../../src/renderer/shared/picture/picture-surface";
import type { Look, Picture } from "../../../../src/renderer/shared/picture/picture";
import { fakeCanvas } from "../../support/fake-graphics";

const LOOK: Look = {
  canvasWidthPx: 9,
  canvasHeightPx: 9,
  originXPx: 0,
  originYPx: 0,
  scale: 1,
  contrast: { low: 0, high: 255 },
  markSaturated: false,
};
const SIZE = { widthPx: 2, heightPx: 2, imageWidthPx: 2, imageHeightPx: 2, binning: 1 };
const PICTURE: Picture = { ...SIZE, bytesPerPixel: 1, significantBits: 8, pixels: new Uint8Array(4) };

/** A screen that refreshes when told to. */
function manualRefresh() {
  let waiting: (() => void)[] = [];
  return {
    requestAnimationFrame: (callback: () => void) => waiting.push(callback),
    cancelAnimationFrame: () => {
      waiting = [];
    },
    refresh: () => {
      const callbacks = waiting;
      waiting = [];
      for (const callback of callbacks) callback();
    },
    get pending() {
      return waiting.length;
    },
  };
}

describe("CanvasSurface", () => {
  it("draws once a refresh, and answers when it has", async () => {
    const { canvas, asked } = fakeCanvas();
    const screen = manualRefresh();
    const surface = new CanvasSurface(canvas, screen, () => {});
    const drawn = () => asked.filter(({ name }) => name === "drawArrays").length;
    let answers = 0;
    surface.look(LOOK);
    const first = surface.show(PICTURE).then(() => (answers += 1));
    const second = surface.show(PICTURE).then(() => (answers += 1));
    expect(screen.pending).toBe(1);
    expect([drawn(), answers]).toEqual([0, 0]);
    screen.refresh();
    await Promise.all([first, second]);
    expect([drawn(), answers]).toEqual([1, 2]);
    surface.look({ ...LOOK, scale: 2 });
    screen.refresh();
    expect(drawn()).toBe(2);
  });

  it("leaves nobody waiting when it is given up", async () => {
    const screen = manualRefresh();
    const surface = new CanvasSurface(fakeCanvas().canvas, screen, () => {});
    const shown = surface.show(PICTURE);
    surface.dispose();
    await shown;
    expect(screen.pending).toBe(0);
  });

  it("draws again when a lost context is back", () => {
    const { canvas, asked, lose, restore } = fakeCanvas();
    const screen = manualRefresh();
    const surface = new CanvasSurface(canvas, screen, () => {});
    surface.look(LOOK);
    void surface.show(PICTURE);
    screen.refresh();
    lose();
    asked.length = 0;
    restore();
    screen.refresh();
    expect(asked.at(-1)?.name).toBe("drawArrays");
  });
});
