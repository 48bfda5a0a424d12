/** The runs on the disk: which there are, and whether one is whole. */
import { toCommandError } from "./command-error";
import { createCommand } from "./create-command";
import { toPlain } from "./from-proto";
import type { InstrumentClients } from "./instrument";
import { asking } from "./newest-question";
import { runsListed, verificationChanged } from "./runs-slice";
import type { VerificationMirror } from "./runs-slice";

/** A rail shows a day's runs, not a year's. */
const MOST_RUNS = 50;

/** Lists the runs of a directory, newest first; an empty one is the worker's default. */
export const listRuns = createCommand("listRuns", async (directory: string, { dispatch, extra, rejectWithValue }) => {
  const isNewest = asking(extra, "runs");
  try {
    const listing = toPlain(await extra.clients.runs.listRuns({ directory, most: MOST_RUNS }));
    // Another folder may have been asked for meanwhile, on a faster disk.
    if (isNewest()) dispatch(runsListed(listing));
    return undefined;
  } catch (error) {
    return rejectWithValue(toCommandError(error));
  }
});

/** What ends each reading that goes on, by the window it is of and the run folder. */
const readings = new WeakMap<InstrumentClients, Map<string, AbortController>>();

/** Reads a run whole; how far it is stands in the `runs` slice. One that goes on is not begun again. */
export const verifyRun = createCommand("verifyRun", async (directory: string, { dispatch, extra }) => {
  const own = readings.get(extra.clients) ?? new Map<string, AbortController>();
  readings.set(extra.clients, own);
  if (own.has(directory)) return undefined;
  const controller = new AbortController();
  own.set(directory, controller);
  let verification: VerificationMirror | null = { report: null, running: true, error: null };
  const tell = () => dispatch(verificationChanged({ directory, verification }));
  tell();
  try {
    for await (const report of extra.clients.runs.verifyRun({ directory }, { signal: controller.signal })) {
      verification = { report: toPlain(report), running: true, error: null };
      tell();
    }
    verification = { ...verification, running: false };
  } catch (error) {
    verification = controller.signal.aborted
      ? null
      : { report: verification.report, running: false, error: toCommandError(error) };
  }
  own.delete(directory);
  tell();
  return undefined;
});

/** Gives up reading a run. */
export const cancelVerifyRun = createCommand("cancelVerifyRun", (directory: string, { extra }) => {
  readings.get(extra.clients)?.get(directory)?.abort();
  return Promise.resolve(undefined);
});
