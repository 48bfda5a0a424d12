import { describe, expect, it } from "vitest";
import { drawSchematic } from "../../../../../src/renderer/operator/features/stimulus/schematic-drawing";
import type {
  SchematicContext,
  SchematicView,
} from "../../../../../src/renderer/operator/features/stimulus/schematic-drawing";
import { readScene } from "../../../../../src/stimulus";
import { DISPLAY, STIMULUS } from "../../../../stimulus/support/scenes";

const look = readScene({ number: 1, display: DISPLAY, stimulus: STIMULUS }).look!;

interface Rectangle {
  readonly colour: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a view is drawn as. */
function drawn(view: SchematicView) {
  const rectangles: Rectangle[] = [];
  const calls: string[] = [];
  const set: Record<string, unknown> = { fillStyle: "" };
  const context = new Proxy(set, {
    get: (_, name: string): unknown =>
      name in set
        ? set[name]
        : (...values: number[]) => {
            calls.push(name);
            const [x = 0, y = 0, width = 0, height = 0] = values;
            if (name === "fillRect") rectangles.push({ colour: set.fillStyle as string, x, y, width, height });
          },
  });
  drawSchematic(context as unknown as SchematicContext, { widthPx: 320, heightPx: 168 }, view, 1);
  return { rectangles, calls };
}

describe("drawSchematic", () => {
  it("draws the screen without a bar as grey alone", () => {
    const { rectangles, calls } = drawn({ look, bar: undefined });
    expect(rectangles).toEqual([]);
    expect(calls).toContain("clip");
  });

  it("draws a stripe of checks, neighbours never alike, changed when reversed", () => {
    const bar = { axis: "azimuth", direction: 1, angleDeg: -25, reversed: false } as const;
    const { rectangles } = drawn({ look, bar });
    const columns = new Set(rectangles.map(({ x }) => x));
    expect(columns.size).toBe(2);
    const right = Math.max(...rectangles.map(({ x, width }) => x + width));
    const left = Math.min(...rectangles.map(({ x }) => x));
    const { rectangles: wider } = drawn({ look: { ...look, barWidthDeg: 40 }, bar });
    const widerBy = Math.max(...wider.map(({ x, width }) => x + width)) - Math.min(...wider.map(({ x }) => x));
    expect(widerBy / (right - left)).toBeCloseTo(2, 6);
    const colours = new Set(rectangles.map(({ colour }) => colour));
    expect(colours.size).toBe(2);
    const reversed = drawn({ look, bar: { ...bar, reversed: true } }).rectangles;
    reversed.forEach(({ colour }, index) => expect(colour).not.toBe(rectangles[index]!.colour));
    const [first, second] = rectangles.filter(({ x }) => x === left);
    expect(first!.colour).not.toBe(second!.colour);
  });

  it("lays the stripe across for vertical directions", () => {
    const bar = { axis: "altitude", direction: 3, angleDeg: 25, reversed: false } as const;
    const rows = new Set(drawn({ look, bar }).rectangles.map(({ y }) => y));
    expect(rows.size).toBe(2);
  });
});
