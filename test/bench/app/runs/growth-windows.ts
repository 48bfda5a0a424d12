/** Whether a message costs the same when eight windows are at work instead of one. All eight are open all the time. */
import { percentile } from "../../statistics";
import { processorMs } from "../process-figures";
import { inTurn, type Run } from "../run";
import type { BenchWindow, Stage } from "../stage";
import { BULK } from "./streams";

const WINDOWS = 8;
/** 5 MB/s, and calls beside it. */
const PACED = { bytes: 65_536, messagesPerSecond: 76, callsPerSecond: 40, durationMs: 2500 };
const FLOOD = { ...BULK, durationMs: 1200 };

async function processor(stage: Stage): Promise<number> {
  const [host, worker] = [await processorMs(stage.hostPid), await processorMs(await stage.workerPid())];
  return host === undefined || worker === undefined ? Number.NaN : host + worker;
}

/** Processor time a second while nothing is asked for: the camera runs. */
async function atRest(stage: Stage): Promise<number> {
  const before = await processor(stage);
  const start = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return ((await processor(stage)) - before) / (performance.now() - start);
}

async function atWork(stage: Stage, pages: readonly BenchWindow[], restShare: number) {
  const before = await processor(stage);
  const start = performance.now();
  const figures = await Promise.all(pages.map((page) => page.ask("paced", PACED)));
  const usedMs = (await processor(stage)) - before - restShare * (performance.now() - start);
  const messages = figures.reduce((sum, each) => sum + each.messages + each.echoMs.length, 0);
  const times = figures.flatMap(({ echoMs }) => echoMs);
  return { usPerMessage: (usedMs / messages) * 1000, echoUs: percentile(times, 0.5) * 1000 };
}

async function fullSpeed(pages: readonly BenchWindow[]): Promise<number> {
  const rates = await Promise.all(pages.map((page) => page.ask("floodFor", FLOOD)));
  return rates.reduce((sum, rate) => sum + rate, 0);
}

export const growthWindows: Run = {
  cases: ["growth-windows", "growth-windows-rate", "growth-windows-round-trip"],
  warmUp: async (stage) => {
    const pages = await stage.windows(WINDOWS);
    await fullSpeed(pages);
    await atWork(stage, pages, 0);
  },
  round: async (stage, round, add) => {
    const pages = await stage.windows(WINDOWS);
    const restShare = await atRest(stage);
    const measure = async (side: "ours" | "reference", working: readonly BenchWindow[]) => {
      add("growth-windows-rate", side, await fullSpeed(working));
      const { usPerMessage, echoUs } = await atWork(stage, working, restShare);
      if (Number.isFinite(usPerMessage)) add("growth-windows", side, usPerMessage);
      add("growth-windows-round-trip", side, echoUs);
    };
    await inTurn(
      round,
      () => measure("ours", pages),
      () => measure("reference", pages.slice(0, 1)),
    );
  },
};
