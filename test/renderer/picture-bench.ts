/** Measures drawing on the page's thread against drawing in a worker: pictures a second, the page's own delay, and both while the page is busy. */
import type { Look } from "../../src/renderer/shared/picture/picture";
import { CanvasSurface } from "../../src/renderer/shared/picture/picture-surface";
import type { PictureSurface } from "../../src/renderer/shared/picture/picture-surface";
import { WorkerSurface } from "../../src/renderer/shared/picture/worker-surface";
import { FakePictures } from "./support/fake-picture";
import { freshPicture } from "./support/made-picture";

const WIDTH_PX = 900;
const HEIGHT_PX = 600;
const SECONDS = 3;

interface Row {
  readonly surface: string;
  readonly picture: string;
  readonly pageBusy: boolean;
  /** Pictures drawn a second when the next is offered as soon as one is drawn. */
  readonly shownHz: number;
  /** How late a 5 ms timer of the page comes. */
  readonly pageLagP50Ms: number;
  readonly pageLagP99Ms: number;
  /** Time from one drawn picture to the next. */
  readonly gapP99Ms: number;
}

function percentile(values: number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(part * (sorted.length - 1))] ?? 0) * 10) / 10;
}

async function measure(kind: "page" | "worker", sizePx: number, bits: number, pageBusy: boolean): Promise<Row> {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH_PX;
  canvas.height = HEIGHT_PX;
  document.body.replaceChildren(canvas);
  const surface: PictureSurface =
    kind === "page"
      ? new CanvasSurface(canvas, window, () => {})
      : new WorkerSurface(canvas, { onReady: () => {}, onLost: () => {}, onImpossible: () => {} });
  const pictures = new FakePictures(sizePx, bits, sizePx);
  const look: Look = {
    canvasWidthPx: WIDTH_PX,
    canvasHeightPx: HEIGHT_PX,
    originXPx: 150,
    originYPx: 0,
    scale: HEIGHT_PX / sizePx,
    contrast: { black: 0, white: 1 },
    gamma: 1,
    markSaturated: true,
    overlayOpacity: 0,
  };
  surface.look(look);
  // A frame of the link is a new buffer each time, so it is here too.
  const fresh = () => freshPicture(pictures);
  await surface.show(fresh());
  const lags: number[] = [];
  const gaps: number[] = [];
  let expected = performance.now() + 5;
  const probe = setInterval(() => {
    const now = performance.now();
    lags.push(Math.max(0, now - expected));
    expected = now + 5;
  }, 5);
  const busy = pageBusy
    ? setInterval(() => {
        const end = performance.now() + 40;
        while (performance.now() < end);
      }, 100)
    : undefined;
  const start = performance.now();
  let last = start;
  let shown = 0;
  while (performance.now() - start < SECONDS * 1000) {
    await surface.show(fresh());
    shown += 1;
    gaps.push(performance.now() - last);
    last = performance.now();
  }
  const shownHz = Math.round((shown * 10_000) / (performance.now() - start)) / 10;
  clearInterval(probe);
  clearInterval(busy);
  surface.dispose();
  return {
    surface: kind,
    picture: `${sizePx}² × ${bits > 8 ? 16 : 8} bit`,
    pageBusy,
    shownHz,
    pageLagP50Ms: percentile(lags, 0.5),
    pageLagP99Ms: percentile(lags, 0.99),
    gapP99Ms: percentile(gaps, 0.99),
  };
}

const rows: Row[] = [];
for (const [sizePx, bits] of [
  [512, 8],
  [512, 12],
  [1024, 12],
  [2048, 16],
] as const) {
  for (const pageBusy of [false, true]) {
    for (const kind of ["page", "worker"] as const) rows.push(await measure(kind, sizePx, bits, pageBusy));
  }
}
const report = document.createElement("pre");
report.id = "report";
report.textContent = JSON.stringify(rows, null, 1);
document.body.replaceChildren(report);
