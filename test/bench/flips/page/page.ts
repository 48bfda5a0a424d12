/** Draws a sweep with the window's own glass, on the page's thread and in a worker, with the page idle and busy, and says how its flips come. */
import { Glass } from "../../../../src/renderer/stimulus/glass/glass";
import type { Presented } from "../../../../src/renderer/stimulus/glass/glass";
import { WorkerGlass } from "./worker-glass";
import { DIRECTIONS, readScene } from "../../../../src/stimulus";
import { DISPLAY, STIMULUS } from "../../../stimulus/support/scenes";
import { ROWS_MARK } from "../order";
import type { ThreadRow } from "../order";
import { summariseFlips } from "../summary";
import type { FlipSample } from "../summary";

/** For the first frames, which compile the program. */
const WARM_UP_MS = 2000;

const seconds = Number(new URLSearchParams(location.search).get("seconds") ?? "20");

/** A bar that drifts over the screen for an hour. */
const scene = readScene({
  number: 1,
  display: { ...DISPLAY, refreshRateHz: 60 },
  stimulus: STIMULUS,
  sweep: {
    direction: DIRECTIONS.leftToRight,
    fromDeg: -60,
    toDeg: 0,
    startedNs: 0n,
    endedNs: 3_600_000_000_000n,
  },
});

async function measure(thread: ThreadRow["thread"], pageBusy: boolean): Promise<ThreadRow> {
  const canvas = document.createElement("canvas");
  canvas.style.cssText = "position: fixed; inset: 0; width: 100%; height: 100%";
  document.body.replaceChildren(canvas);
  const samples: FlipSample[] = [];
  let renderer = "";
  let counting = false;
  const events = {
    onPresented: ({ flip }: Presented) => {
      if (counting) samples.push({ stampMs: Number(flip.stampNs) / 1e6, missed: flip.missedRefreshes });
    },
    onProblem: (problem: string) => {
      if (problem !== "") console.error(problem);
    },
    onReady: (name: string) => {
      renderer = name;
    },
  };
  const onPage = thread === "page" ? new Glass(canvas, window, events) : undefined;
  const glass = onPage ?? new WorkerGlass(canvas, events);
  if (onPage) renderer = onPage.renderer;
  const widthPx = Math.round(innerWidth * devicePixelRatio);
  const heightPx = Math.round(innerHeight * devicePixelRatio);
  glass.resize(widthPx, heightPx);
  glass.show({ scene, clockOffsetNs: 0n });
  const work = pageBusy ? setInterval(() => compute(30), 100) : undefined;
  await rest(WARM_UP_MS);
  counting = true;
  await rest(seconds * 1000);
  clearInterval(work);
  glass.dispose();
  return { thread, pageBusy, renderer, widthPx, heightPx, summary: summariseFlips(samples) };
}

function compute(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const rows: ThreadRow[] = [];
for (const pageBusy of [false, true]) {
  for (const thread of ["page", "worker"] as const) rows.push(await measure(thread, pageBusy));
}
console.info(`${ROWS_MARK}${JSON.stringify(rows)}`);
