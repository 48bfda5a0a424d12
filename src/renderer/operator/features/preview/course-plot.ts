/** The plot of time courses: one line a region, shaded where sweeps were shown. */
import uPlot from "uplot";
import type { RegionMirror } from "../../../../mirror";
import { regionStyle } from "../../../shared/picture/region-colours";
import type { CourseUnit } from "./course-values";
import type { Shade } from "./sweep-shades";

const TEXT = "#979490";
const GRID = "#232221";
const SHADE = "rgba(116, 170, 149, 0.16)";
const FONT = "11px Inter, system-ui, sans-serif";

/** What of the plot changes without its being made anew. */
export interface PlotFacts {
  /** Seconds that are shown. */
  readonly spanS: () => number;
  /** Of seconds before the newest sample. */
  readonly shades: () => readonly Shade[];
}

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

/** Whoever makes it destroys it. */
export function makeCoursePlot(
  holder: HTMLElement,
  regions: readonly Pick<RegionMirror, "name" | "colour">[],
  unit: CourseUnit,
  size: PlotSize,
  { spanS, shades }: PlotFacts,
): uPlot {
  const axis: uPlot.Axis = { stroke: TEXT, font: FONT, grid: { stroke: GRID, width: 1 }, ticks: { show: false } };
  const options: uPlot.Options = {
    ...size,
    legend: { show: false },
    cursor: { show: false },
    padding: [6, 10, 0, 0],
    scales: {
      x: { time: false, range: () => [-spanS(), 0] },
      y: { range: (_, low, high) => spread(low, high, unit) },
    },
    axes: [
      { ...axis, size: 22, values: (_, ticks) => ticks.map(timeText) },
      { ...axis, size: 52, values: (_, ticks) => ticks.map((tick) => tickText(tick, unit)) },
    ],
    series: [
      {},
      ...regions.map(({ name, colour }): uPlot.Series => {
        const style = regionStyle(colour);
        return {
          label: name,
          stroke: style.colour,
          width: 1.5,
          ...(style.dash ? { dash: [...style.dash] } : {}),
          points: { show: false },
          spanGaps: false,
        };
      }),
    ],
    hooks: { drawClear: [(plot) => drawShades(plot, shades())] },
  };
  return new uPlot(options, [[]], holder);
}

/** Room above and below, and never a flat line blown up to noise. */
export function spread(low: number | null, high: number | null, unit: CourseUnit): [number, number] {
  const [from, to] = [low ?? 0, high ?? 0];
  const least = unit === "relative" ? 0.2 : Math.max(1, Math.abs(to) * 0.002);
  const span = Math.max(to - from, least);
  const middle = (from + to) / 2;
  return [middle - span * 0.58, middle + span * 0.58];
}

function timeText(seconds: number): string {
  if (Math.abs(seconds) < 1e-9) return "now";
  return Math.abs(seconds) >= 120 ? `−${Math.abs(seconds / 60)} min` : `−${Math.abs(seconds)} s`;
}

function tickText(tick: number, unit: CourseUnit): string {
  const text = String(Number(tick.toPrecision(6))).replace("-", "−");
  return unit === "relative" ? `${text} %` : text;
}

function drawShades(plot: uPlot, shades: readonly Shade[]): void {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  ctx.save();
  ctx.fillStyle = SHADE;
  for (const { fromS, toS } of shades) {
    const from = Math.max(left, plot.valToPos(fromS, "x", true));
    const to = Math.min(left + width, toS === undefined ? left + width : plot.valToPos(toS, "x", true));
    if (to > from) ctx.fillRect(from, top, to - from, height);
  }
  ctx.restore();
}
