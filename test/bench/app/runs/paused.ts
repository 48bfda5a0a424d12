/** What a window that is stopped in its debugger costs the others. */
import { residentMb } from "../process-figures";
import { inTurn, type Run } from "../run";
import type { BenchWindow, Stage } from "../stage";
import { BULK } from "./streams";

const DURATION_MS = 2500;

/** Stops the page's JavaScript until what this gives back is called. */
async function stopInDebugger({ window }: BenchWindow): Promise<() => Promise<void>> {
  const tool = window.webContents.debugger;
  tool.attach("1.3");
  const paused = new Promise<void>((resolve) => {
    tool.on("message", (_event, method) => {
      if (method === "Debugger.paused") resolve();
    });
  });
  await tool.sendCommand("Debugger.enable");
  await tool.sendCommand("Debugger.pause");
  await paused;
  return async () => {
    await tool.sendCommand("Debugger.resume");
    tool.detach();
    tool.removeAllListeners("message");
  };
}

/** The rate of the three others together, and what the host's memory grew by. */
async function othersRate(stage: Stage, others: readonly BenchWindow[]): Promise<{ rate: number; grownMb: number }> {
  const before = (await residentMb(stage.hostPid)) ?? Number.NaN;
  let mostMb = before;
  const timer = setInterval(() => {
    void residentMb(stage.hostPid).then((mb) => {
      mostMb = Math.max(mostMb, mb ?? Number.NaN);
    });
  }, 50);
  const rates = await Promise.all(others.map((page) => page.ask("floodFor", { ...BULK, durationMs: DURATION_MS })));
  clearInterval(timer);
  return { rate: rates.reduce((sum, rate) => sum + rate, 0), grownMb: mostMb - before };
}

export const pausedWindow: Run = {
  cases: ["paused-window", "paused-window-memory"],
  warmUp: async (stage) => {
    const [, ...others] = await stage.windows(4);
    await othersRate(stage, others);
  },
  round: async (stage, round, add) => {
    const [stopped, ...others] = await stage.windows(4);
    if (!stopped) throw new Error("no window");
    const measure = async (side: "ours" | "reference") => {
      const { rate, grownMb } = await othersRate(stage, others);
      add("paused-window", side, rate);
      if (Number.isFinite(grownMb)) add("paused-window-memory", side, grownMb);
    };
    await inTurn(
      round,
      async () => {
        await stopped.ask("work");
        const resume = await stopInDebugger(stopped);
        await measure("ours");
        await resume();
        // It goes on where it was: its streams are still good.
        await stopped.ask("rest");
      },
      () => measure("reference"),
    );
  },
};
