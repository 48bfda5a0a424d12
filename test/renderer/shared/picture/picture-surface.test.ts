import { describe, expect, it } from "vitest";
import { CanvasSurface } from "../../../../src/renderer/shared/picture/picture-surface";
import { fakeCanvas } from "../../support/fake-graphics";
import { madeLook, madePicture } from "../../support/made-picture";

const LOOK = madeLook();
const PICTURE = madePicture();

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

  it("draws again when a picture is laid over it", () => {
    const { canvas, asked } = fakeCanvas();
    const screen = manualRefresh();
    const surface = new CanvasSurface(canvas, screen, () => {});
    surface.look(LOOK);
    void surface.show(PICTURE);
    screen.refresh();
    asked.length = 0;
    const { widthPx, heightPx, bytesPerPixel, pixels } = PICTURE;
    surface.overlay({ widthPx, heightPx, bytesPerPixel, pixels, placement: { xPx: 0, yPx: 0, binning: 1 } });
    screen.refresh();
    expect(asked.at(-1)?.name).toBe("drawArrays");
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
