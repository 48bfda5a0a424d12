/**
 * Draws a sweep with the window's own glass, on the page's thread and in a worker, beside nothing and beside other work, and says how its flips come.
 *
 * In rounds, each of all rows: what else this machine does now and then is done to all of them.
 */
import { Glass } from "../../../../src/renderer/stimulus/glass/glass";
import type { Presented } from "../../../../src/renderer/stimulus/glass/glass";
import { WorkerGlass } from "../../../../src/renderer/stimulus/glass/worker-glass";
import { DIRECTIONS, readScene } from "../../../../src/stimulus";
import { DISPLAY, STIMULUS } from "../../../stimulus/support/scenes";
import { LOADS, ROWS_MARK } from "../order";
import type { ThreadRow } from "../order";
import { summariseFlips } from "../summary";
import type { FlipSample } from "../summary";

/** For the first frames, which compile the program. */
const WARM_UP_MS = 1500;
const ROUNDS = 4;
const CORES = 2;

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

interface Round {
  readonly samples: readonly FlipSample[];
  readonly renderer: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

async function measure(thread: ThreadRow["thread"], load: ThreadRow["load"]): Promise<Round> {
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
  const stopLoad = startLoad(load);
  await rest(WARM_UP_MS);
  counting = true;
  await rest((seconds * 1000) / ROUNDS);
  counting = false;
  stopLoad();
  glass.dispose();
  return { samples, renderer, widthPx, heightPx };
}

function startLoad(load: ThreadRow["load"]): () => void {
  if (load === "none") return () => undefined;
  if (load === "page") {
    const timer = setInterval(() => compute(30), 100);
    return () => clearInterval(timer);
  }
  const workers = Array.from(
    { length: CORES },
    () => new Worker(new URL("./busy-worker.ts", import.meta.url), { type: "module" }),
  );
  return () => workers.forEach((worker) => worker.terminate());
}

function compute(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const kinds = LOADS.flatMap((load) => (["page", "worker"] as const).map((thread) => ({ load, thread })));
const rounds = new Map(kinds.map((kind) => [kind, [] as Round[]]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [kind, done] of rounds) done.push(await measure(kind.thread, kind.load));
}
const rows = [...rounds].map(([kind, done]): ThreadRow => {
  const { renderer = "", widthPx = 0, heightPx = 0 } = done[0] ?? {};
  return { ...kind, renderer, widthPx, heightPx, summary: summariseFlips(done.map(({ samples }) => samples)) };
});
console.info(`${ROWS_MARK}${JSON.stringify(rows)}`);
