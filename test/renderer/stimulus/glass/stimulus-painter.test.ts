import { describe, expect, it } from "vitest";
import { StimulusPainter } from "../../../../src/renderer/stimulus/glass/stimulus-painter";
import { readScene } from "../../../../src/stimulus";
import { DISPLAY, STIMULUS } from "../../../stimulus/support/scenes";
import { fakeCanvas } from "../../support/fake-graphics";

const { look } = readScene({ number: 1, display: DISPLAY, stimulus: STIMULUS });
const BAR = { axis: "altitude", direction: 3, showing: undefined, angleDeg: 12, reversed: true } as const;

// What the pixels are is tested in a real browser: test/e2e/browser-stimulus.spec.ts.
describe("StimulusPainter", () => {
  it("draws one triangle over all physical pixels, with the bar of the frame", () => {
    const { canvas, asked } = fakeCanvas();
    const painter = new StimulusPainter(canvas, () => {});
    painter.resize(1920, 1080);
    expect(painter.draw({ look, bar: BAR, squareBright: true })).toBe(true);
    const uniform = (name: string) => asked.findLast(({ values }) => values[0] === name)?.values.slice(1);
    expect(uniform("axis")).toEqual([2]);
    expect(uniform("middleDeg")).toEqual([12]);
    expect(uniform("halfWidthDeg")).toEqual([10]);
    expect(uniform("reversed")).toEqual([1]);
    expect(uniform("screenPx")).toEqual([1920, 1080]);
    expect(uniform("square")).toEqual([0, 0, 63, 60]);
    expect(uniform("squareValue")).toEqual([1]);
    expect(asked.find(({ name }) => name === "viewport")?.values).toEqual([0, 0, 1920, 1080]);
    expect(asked.filter(({ name }) => name === "drawArrays")).toHaveLength(1);
  });

  it("draws grey without a bar, and no square before anybody has set one", () => {
    const { canvas, asked } = fakeCanvas();
    const painter = new StimulusPainter(canvas, () => {});
    painter.draw({ look: undefined, bar: BAR, squareBright: true });
    const uniform = (name: string) => asked.findLast(({ values }) => values[0] === name)?.values.slice(1);
    expect(uniform("axis")).toEqual([0]);
    expect(uniform("square")).toEqual([0, 0, 0, 0]);
  });

  it("draws nothing while the context is lost, and again when it is back", () => {
    const { canvas, asked, lose, restore } = fakeCanvas();
    const told: boolean[] = [];
    const painter = new StimulusPainter(canvas, (lost) => told.push(lost));
    lose();
    asked.length = 0;
    expect(painter.draw({ look, bar: BAR, squareBright: true })).toBe(false);
    expect(asked).toEqual([]);
    restore();
    expect(painter.draw({ look, bar: BAR, squareBright: true })).toBe(true);
    expect(told).toEqual([true, false]);
  });

  it("says so where there is no WebGL2", () => {
    const bare = Object.assign(new EventTarget(), { getContext: () => null }) as unknown as HTMLCanvasElement;
    expect(() => new StimulusPainter(bare, () => {})).toThrow("no WebGL2");
  });
});
