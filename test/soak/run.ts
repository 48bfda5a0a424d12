/**
 * `npm run soak -- [--minutes 60] [--rows 320] [--json FILE] [--keep]`: one run of that length in the real program, with the stimulus and a preview window
 * open, from set-up to review. Every minute it notes what each process holds; at the end it verifies every frame and holds the journal, the frame table and
 * the workflow against one another. Ends with 1 when something disagrees or a frame is missing.
 */
import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { agreementOf } from "../e2e/agreement";
import { endWorker, launch, quit } from "../e2e/application";
import { openPreview, openStimulus, openTab, set, startRun, state, sweepShown, button } from "../e2e/day";
import { growthOf } from "./growth";
import { type Holdings, holdingsOf } from "./processes";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    rows: { type: "string", default: "320" },
    json: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});
const minutes = Number(values.minutes);
const rows = Number(values.rows);
if (!(minutes >= 1) || !Number.isInteger(rows)) {
  console.error("--minutes is at least 1, --rows a whole number of pixels of the camera's height.");
  process.exit(1);
}

const BASELINE_S = 10;
const BETWEEN_S = 3;
const DRIFT_DEG_PER_S = 12;
const SAMPLE_MS = 60_000;
const LOOK_MS = 2000;
/** In these caches fill and processes settle. */
const WARM_UP_MINUTES = 5;
const DIRECTIONS = ["LEFT_TO_RIGHT", "RIGHT_TO_LEFT", "TOP_TO_BOTTOM", "BOTTOM_TO_TOP"].map(
  (name) => `DIRECTION_${name}`,
);
const BYTES_A_PIXEL = 2;
const WIDTH_PX = 512;
const FRAMES_A_SECOND = 30;
const SPARE_BYTES = 8e9;

interface SoakSample {
  readonly minute: number;
  readonly state: string;
  readonly sweep: string;
  readonly camera: string;
  readonly disk: string;
  readonly ring: string;
  readonly flips: string;
  readonly load: number;
  readonly processes: Readonly<Record<string, Holdings>>;
}

const folder = await mkdtemp(path.join(tmpdir(), "macroscope-soak-"));
const bytes = rows * WIDTH_PX * BYTES_A_PIXEL * FRAMES_A_SECOND * minutes * 60;
const { bavail, bsize } = await statfs(folder);
if (bavail * bsize < bytes + SPARE_BYTES) {
  console.error(
    `The run takes ${(bytes / 1e9).toFixed(0)} GB, and ${((bavail * bsize) / 1e9).toFixed(0)} GB are free.`,
  );
  process.exit(1);
}
console.log(
  `A run of ${String(minutes)} min, about ${(bytes / 1e9).toFixed(1)} GB; load of this machine before: ${loadavg()[0]?.toFixed(1) ?? "?"}`,
);

const app = await launch(folder, {});
const { electron } = app;
const complaints: string[] = [];
const hear = (page: typeof app.window) => {
  page.on("pageerror", ({ message }) => complaints.push(`${page.url()}: ${message}`));
  page.on("crash", () => complaints.push(`${page.url()}: crashed`));
};
hear(app.window);
electron.on("window", hear);

process.exitCode = 1;
try {
  process.exitCode = (await soak()) > 0 ? 1 : 0;
} finally {
  await quit(app);
  await endWorker(app);
  if (values.keep) console.log(`Kept: ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}

async function soak(): Promise<number> {
  await state(app).getByText("Live").waitFor();
  const sweeps = await setUp();
  const worker = await app.workerPid();
  await startRun(app);
  const startedMs = performance.now();
  const samples: SoakSample[] = [];
  let helped = 0;
  for (let nextMs = 0; ;) {
    const phase = (await sweepShown(app).innerText()).replaceAll(/\s+/g, " ");
    if (phase.includes("Review")) break;
    if (/Error|No connection/.test(await state(app).innerText())) throw new Error(`The run did not end well: ${phase}`);
    // A machine without a graphics card may show a sweep so badly that the run asks for a hand: it gets one, and it is told below.
    const resume = button(app.window, /^Resume/);
    if ((await resume.isVisible()) && (await resume.isEnabled())) {
      helped++;
      await resume.click();
    }
    if (performance.now() - startedMs >= nextMs) {
      nextMs += SAMPLE_MS;
      const sample = await sampleOf((performance.now() - startedMs) / 60_000, phase, worker);
      samples.push(sample);
      console.log(lineOf(sample));
    }
    await delay(LOOK_MS);
  }
  const shown = await app.window.getByRole("region", { name: "Review" }).or(sweepShown(app)).first().innerText();
  console.log(`\nReview: ${shown.replaceAll(/\s+/g, " ").slice(0, 600)}`);

  const [run = ""] = await app.runs();
  const plan = DIRECTIONS.flatMap((direction) => Array.from({ length: sweeps }, () => direction));
  const agreement = await agreementOf(run, plan);
  const summary = await app.summary(run);
  const broken = agreement.sweeps.filter(({ outcome }) => outcome !== "SWEEP_OUTCOME_COMPLETE").length;
  console.log(
    `Frames ${String(agreement.frames)}, flips ${String(agreement.flips)}, showings ${String(agreement.sweeps.length)}, of them not complete ${String(broken)}, resumed by hand ${String(helped)}`,
  );
  console.log(`run.json: ${JSON.stringify(summary).slice(0, 1500)}`);
  printGrowth(samples);
  const problems = [...agreement.problems, ...complaints];
  for (const problem of problems) console.log(`PROBLEM ${problem}`);
  if (problems.length === 0) console.log("Everything agrees.");
  if (values.json) await writeFile(values.json, `${JSON.stringify({ samples, summary, problems }, null, 2)}\n`);
  return problems.length;
}

/** @returns Sweeps per direction that fill the time. */
async function setUp(): Promise<number> {
  await set(app, "Session", "Name", "soak");
  await set(app, "Stimulus", "Drift", String(DRIFT_DEG_PER_S));
  await set(app, "Acquisition", "Baseline", String(BASELINE_S));
  await set(app, "Acquisition", "Between sweeps", String(BETWEEN_S));
  await set(app, "Camera", "Height", String(rows));
  await openTab(app, "Acquisition");
  const follows = await app.window.getByRole("region", { name: "What follows" }).innerText();
  const [horizontalS, verticalS] = ["Horizontal", "Vertical"].map((way) =>
    Number(new RegExp(`${way} sweep\\s+([\\d.]+) s`).exec(follows)?.[1]),
  );
  const roundS = 2 * ((horizontalS ?? Number.NaN) + (verticalS ?? Number.NaN)) + 4 * BETWEEN_S;
  const sweeps = Math.max(1, Math.round((minutes * 60 - 2 * BASELINE_S) / roundS));
  await set(app, "Acquisition", "Sweeps", String(sweeps));
  await openPreview(app);
  await openStimulus(app);
  await app.window.getByRole("status", { name: "Flips" }).getByText(/\d Hz/).waitFor();
  return sweeps;
}

async function sampleOf(minute: number, sweep: string, worker: number): Promise<SoakSample> {
  const status = async (name: string) =>
    (await app.window.getByRole("status", { name }).first().innerText()).replaceAll(/\s+/g, " ");
  const metrics = await electron.evaluate(({ app: electronApp, webContents }) => {
    const pages = new Map(
      webContents
        .getAllWebContents()
        .map((contents) => [contents.getOSProcessId(), new URL(contents.getURL()).pathname]),
    );
    return electronApp.getAppMetrics().map(({ pid, type, name }) => ({ pid, name: pages.get(pid) ?? name ?? type }));
  });
  const processes: Record<string, Holdings> = {};
  for (const { pid, name } of [...metrics, { pid: worker, name: "worker" }]) {
    const holdings = await holdingsOf(pid);
    if (holdings) processes[name] = holdings;
  }
  return {
    minute,
    sweep,
    state: (await state(app).innerText()).replaceAll(/\s+/g, " "),
    camera: await status("Camera"),
    disk: await status("Disk"),
    ring: await status("Ring"),
    flips: await status("Flips"),
    load: loadavg()[0] ?? Number.NaN,
    processes,
  };
}

function lineOf({ minute, state: word, sweep, camera, disk, ring, flips, load, processes }: SoakSample): string {
  const held = Object.entries(processes)
    .map(([name, { memoryMib }]) => `${name} ${memoryMib.toFixed(0)}`)
    .join(", ");
  return `${minute.toFixed(1).padStart(5)} min | ${word} | ${sweep} | ${camera} | ${disk} | ${ring} | ${flips} | load ${load.toFixed(1)} | MiB: ${held}`;
}

function printGrowth(samples: readonly SoakSample[]): void {
  const warm = samples.filter(({ minute }) => minute >= Math.min(WARM_UP_MINUTES, minutes / 4));
  const names = Object.keys(warm[0]?.processes ?? {});
  console.log(`\n| process | first, MiB | last, MiB | most, MiB | MiB an hour | threads | handles |`);
  console.log("| --- | --- | --- | --- | --- | --- | --- |");
  for (const name of names) {
    const held = warm.flatMap(({ minute, processes }) => (processes[name] ? [{ minute, ...processes[name] }] : []));
    const growth = growthOf(held.map(({ minute, memoryMib }) => ({ minute, value: memoryMib })));
    if (!growth) continue;
    const from = (figure: "threads" | "handles") => `${String(held[0]?.[figure])} → ${String(held.at(-1)?.[figure])}`;
    const cells = [growth.first, growth.last, growth.most, growth.anHour].map((value) => value.toFixed(1));
    console.log(`| ${[name, ...cells, from("threads"), from("handles")].join(" | ")} |`);
  }
}
