/** The real program with its stimulus window, a test sweep on it, and so many previews: how its flips come. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import { build } from "vite";
import { Application, electronArguments, electronExecutable } from "../../e2e/application";
import type { FlipsDriver } from "./driver";
import { processTimeS } from "./process-time";
import { FlipTiming } from "../../../src/stimulus";
import { type FlipSummary, summariseFlips } from "./summary";

export interface ProgramRow {
  readonly previews: number;
  readonly summary: FlipSummary;
  /** Pictures a second, to all windows together. */
  readonly picturesHz: number;
  /** Of one core. */
  readonly cpuPercent: number;
  /** Bound of the error of the window's clock against the worker's, at the end. */
  readonly clockErrorMs: number;
  readonly renderer: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface ProgramOrder {
  readonly previews: number;
  readonly seconds: number;
}

/** Until cameras are found and windows are drawn. */
const SETTLE_MS = 5000;
const WITHIN_MS = 60_000;

interface Watched {
  /** Milliseconds. */
  readonly flipStamps: number[];
  readonly flipsDriver: FlipsDriver;
}

/** What the worker that draws tells its page. */
interface FromGlass {
  readonly kind: string;
  readonly presented?: { readonly flip: { readonly stampNs: bigint } };
}

/** Notes the stamps of the frames that the page is told of; the page itself is as it always is. */
function listen(): void {
  const watched = globalThis as unknown as { flipStamps: number[]; Worker: typeof Worker };
  watched.flipStamps = [];
  watched.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener("message", ({ data }: MessageEvent<FromGlass>) => {
        if (data.kind === "presented" && data.presented)
          watched.flipStamps.push(Number(data.presented.flip.stampNs) / 1e6);
      });
    }
  };
}

export async function measureProgram(order: ProgramOrder): Promise<ProgramRow> {
  const folder = await mkdtemp(path.join(tmpdir(), "macroscope-flips-"));
  const electron = await _electron.launch({
    executablePath: electronExecutable(),
    args: electronArguments(folder),
    env: { ...(process.env as Record<string, string>), MACROSCOPE_RECORDINGS: path.join(folder, "recordings") },
  });
  await electron.context().addInitScript(listen);
  const application = new Application(electron, await electron.firstWindow(), folder);
  try {
    return await measure(application, order);
  } finally {
    const worker = await application.workerPid().catch(() => undefined);
    await electron.close();
    if (worker !== undefined) endIfThere(worker);
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(application: Application, { previews, seconds }: ProgramOrder): Promise<ProgramRow> {
  const { electron, window: operator } = application;
  await operator.getByRole("status", { name: "State" }).getByText("Live").waitFor({ timeout: WITHIN_MS });
  await operator.evaluate(await driverCode());
  const stimulus = await appearing(electron, () => ask(operator, (driver) => driver.openStimulus()));
  for (let index = 0; index < previews; index++) {
    await appearing(electron, () =>
      operator.evaluate((nth) => (globalThis as unknown as Watched).flipsDriver.openPreview(nth), index),
    );
  }
  await ask(operator, (driver) => driver.showTest());
  await delay(SETTLE_MS);
  const pids = [
    ...(await electron.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid))),
    await application.workerPid(),
  ];
  const before = { pictures: await ask(operator, (driver) => driver.picturesSent()), cpuS: await processTimeS(pids) };
  await stimulus.evaluate(() => (globalThis as unknown as Watched).flipStamps.splice(0));
  await delay(seconds * 1000);
  const stamps = await stimulus.evaluate(() => (globalThis as unknown as Watched).flipStamps);
  const after = { pictures: await ask(operator, (driver) => driver.picturesSent()), cpuS: await processTimeS(pids) };
  const { rateHz, ...display } = await ask(operator, (driver) => driver.display());
  const timing = new FlipTiming();
  timing.setNominalRate(rateHz);
  const summary = summariseFlips([stamps.map((stampMs) => ({ stampMs, missed: timing.note(stampMs) }))]);
  return {
    previews,
    summary,
    picturesHz: (after.pictures - before.pictures) / summary.seconds,
    cpuPercent: ((after.cpuS - before.cpuS) / summary.seconds) * 100,
    ...display,
  };
}

function ask<Answer>(page: Page, question: (driver: FlipsDriver) => Promise<Answer>): Promise<Answer> {
  return page.evaluate(`(${String(question)})(globalThis.flipsDriver)`);
}

async function appearing(electron: ElectronApplication, open: () => Promise<unknown>): Promise<Page> {
  const appeared = electron.waitForEvent("window");
  await open();
  const page = await appeared;
  await page.waitForLoadState("domcontentloaded");
  return page;
}

async function driverCode(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "warn",
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    build: {
      write: false,
      minify: false,
      lib: { entry: path.join(import.meta.dirname, "driver.ts"), formats: ["iife"], name: "flipsDriverBundle" },
    },
  });
  const bundles = Array.isArray(built) ? built : "output" in built ? [built] : [];
  const chunk = bundles.flatMap(({ output }) => output).find(({ type }) => type === "chunk");
  if (chunk?.type !== "chunk") throw new Error("The driver was not built.");
  return chunk.code;
}

/** A worker outlives its program on purpose. */
function endIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
