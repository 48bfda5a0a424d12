/** Draws what the animal sees into a small canvas: the visual field in degrees, the screen in it, and on the screen the bar. */
import { DIRECTIONS, greyValues, isBrightCheck, screenOutline } from "../../../../stimulus";
import type { Bar, StimulusLook } from "../../../../stimulus";
import { boundsOf, fitScale, gridDegrees, unwrapped } from "./schematic-scale";
import type { FieldBounds, SchematicInsets, SchematicScale } from "./schematic-scale";

/** What is drawn. */
export interface SchematicView {
  readonly look: StimulusLook;
  /** Undefined: grey. */
  readonly bar: Pick<Bar, "axis" | "angleDeg" | "direction" | "reversed"> | undefined;
}

/** The part of a canvas' context that is used. */
export type SchematicContext = Pick<
  CanvasRenderingContext2D,
  | "beginPath"
  | "moveTo"
  | "lineTo"
  | "closePath"
  | "clip"
  | "fill"
  | "stroke"
  | "fillRect"
  | "clearRect"
  | "fillText"
  | "save"
  | "restore"
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
  | "font"
  | "textAlign"
  | "textBaseline"
>;

const POINTS_PER_SIDE = 24;
/** For the degrees, in CSS pixels. */
const INSETS = { left: 34, bottom: 18 };
/** The room is dark: the schematic is dimmer than what it shows. */
const DIMMED = 0.55;
const LINE = "#383735";
const AXIS = "#6d6a66";
const TEXT = "#979490";
const SCREEN = "#c9c6c0";
const ARROW = "#d3a04d";
const FONT = "12px Inter, system-ui, sans-serif";

/** Draws over the whole of a canvas, which gets as many pixels as it has on the screen. Nothing happens while it has none. */
export function paintSchematic(canvas: HTMLCanvasElement, view: SchematicView, pixelRatio: number): void {
  const widthPx = Math.round(canvas.clientWidth * pixelRatio);
  const heightPx = Math.round(canvas.clientHeight * pixelRatio);
  const context = widthPx > 0 && heightPx > 0 ? canvas.getContext("2d") : null;
  if (!context) return;
  if (canvas.width !== widthPx) canvas.width = widthPx;
  if (canvas.height !== heightPx) canvas.height = heightPx;
  drawSchematic(context, { widthPx, heightPx }, view, pixelRatio);
}

/** @param pixelRatio - device pixels to one CSS pixel; the context's size is in device pixels. */
export function drawSchematic(
  context: SchematicContext,
  size: { readonly widthPx: number; readonly heightPx: number },
  { look, bar }: SchematicView,
  pixelRatio: number,
): void {
  const outline = unwrapped(screenOutline(look.geometry, POINTS_PER_SIDE));
  const bounds = boundsOf(outline);
  const insets = { left: INSETS.left * pixelRatio, bottom: INSETS.bottom * pixelRatio };
  const scale = fitScale(bounds, size.widthPx, size.heightPx, insets);
  context.clearRect(0, 0, size.widthPx, size.heightPx);
  context.lineWidth = pixelRatio;
  context.font = FONT.replace("12", String(12 * pixelRatio));
  drawGrid(context, scale, bounds, size, insets, pixelRatio);
  const tracePath = () => {
    context.beginPath();
    outline.forEach(({ azimuthDeg, altitudeDeg }, index) => {
      if (index === 0) context.moveTo(scale.x(azimuthDeg), scale.y(altitudeDeg));
      else context.lineTo(scale.x(azimuthDeg), scale.y(altitudeDeg));
    });
    context.closePath();
  };
  context.save();
  tracePath();
  const greys = greyValues(look);
  context.fillStyle = shade(greys.background);
  context.fill();
  context.clip();
  if (bar) drawChecks(context, scale, look, bar, bounds);
  context.restore();
  tracePath();
  context.strokeStyle = SCREEN;
  context.stroke();
  if (bar) drawArrow(context, scale, bar, bounds, pixelRatio);
}

function drawGrid(
  context: SchematicContext,
  scale: SchematicScale,
  { azimuth, altitude }: FieldBounds,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
  { left, bottom }: SchematicInsets,
  pixelRatio: number,
): void {
  const gap = 4 * pixelRatio;
  context.fillStyle = TEXT;
  context.textBaseline = "middle";
  context.textAlign = "center";
  for (const degrees of gridDegrees(azimuth, 8)) {
    const x = scale.x(degrees);
    line(context, [x, 0], [x, heightPx - bottom], degrees === 0 ? AXIS : LINE);
    context.fillText(`${degrees}°`, x, heightPx - bottom / 2);
  }
  context.textAlign = "right";
  for (const degrees of gridDegrees(altitude, 5)) {
    const y = scale.y(degrees);
    line(context, [left, y], [widthPx, y], degrees === 0 ? AXIS : LINE);
    // Half a line of text stays inside at the top.
    context.fillText(`${degrees}°`, left - gap, Math.max(y, 7 * pixelRatio));
  }
}

/** In degrees checks are squares: the bar is a stripe of them. */
function drawChecks(
  context: SchematicContext,
  scale: SchematicScale,
  look: StimulusLook,
  bar: NonNullable<SchematicView["bar"]>,
  bounds: FieldBounds,
): void {
  const greys = greyValues(look);
  const across = bar.axis === "azimuth";
  const half = look.barWidthDeg / 2;
  const stripe: readonly [number, number] = [bar.angleDeg - half, bar.angleDeg + half];
  const azimuth = across ? stripe : bounds.azimuth;
  const altitude = across ? bounds.altitude : stripe;
  const checks = look.checkSizeDeg * scale.pxPerDeg < 1 ? 1 / scale.pxPerDeg : look.checkSizeDeg;
  for (let column = Math.floor(azimuth[0] / checks); column * checks < azimuth[1]; column++) {
    for (let row = Math.floor(altitude[0] / checks); row * checks < altitude[1]; row++) {
      const left = Math.max(azimuth[0], column * checks);
      const right = Math.min(azimuth[1], (column + 1) * checks);
      const bottom = Math.max(altitude[0], row * checks);
      const top = Math.min(altitude[1], (row + 1) * checks);
      const bright = isBrightCheck((column + 0.5) * checks, (row + 0.5) * checks, checks) !== bar.reversed;
      context.fillStyle = shade(bright ? greys.bright : greys.dark);
      context.fillRect(scale.x(left), scale.y(top), (right - left) * scale.pxPerDeg, (top - bottom) * scale.pxPerDeg);
    }
  }
}

/** From the bar's middle the way it goes. */
function drawArrow(
  context: SchematicContext,
  scale: SchematicScale,
  { axis, angleDeg, direction }: NonNullable<SchematicView["bar"]>,
  { azimuth, altitude }: FieldBounds,
  pixelRatio: number,
): void {
  const sign = direction === DIRECTIONS.leftToRight || direction === DIRECTIONS.bottomToTop ? 1 : -1;
  const across = axis === "azimuth";
  const x = scale.x(across ? angleDeg : (azimuth[0] + azimuth[1]) / 2);
  const y = scale.y(across ? (altitude[0] + altitude[1]) / 2 : angleDeg);
  const [alongX, alongY] = across ? [sign, 0] : [0, -sign];
  const length = 18 * pixelRatio;
  const wing = 6 * pixelRatio;
  const tip = [x + alongX * length, y + alongY * length] as const;
  context.lineWidth = 2 * pixelRatio;
  line(context, [x, y], tip, ARROW);
  for (const side of [-1, 1]) {
    const back = [
      tip[0] - alongX * wing + side * alongY * wing,
      tip[1] - alongY * wing + side * alongX * wing,
    ] as const;
    line(context, tip, back, ARROW);
  }
}

function line(
  context: SchematicContext,
  from: readonly [number, number],
  to: readonly [number, number],
  colour: string,
): void {
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

function shade(pixelValue: number): string {
  const level = Math.round(255 * pixelValue * DIMMED);
  return `rgb(${level}, ${level}, ${level})`;
}
