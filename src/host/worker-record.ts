/** The record a worker leaves of itself, `worker.json`: how it is reached, and by what token. Only its user can read it. */
import { type FSWatcher, watch } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

/** File name in the runtime folder. */
export const RECORD_NAME = "worker.json";

/**
 * How often the file is looked at beside the watch. The watch is quick but cannot be relied on: there may be none left on the system, and on Windows
 * its one event may come while the file cannot be read yet.
 */
const LOOK_EVERY_MS = 250;

/** What a worker says of itself. */
export interface WorkerRecord {
  readonly pid: number;
  /** Path of its socket, or name of its pipe. */
  readonly endpoint: string;
  readonly token: string;
}

/** Reads the record; undefined where there is none, or none that makes sense. */
export async function readRecord(runtimeDirectory: string): Promise<WorkerRecord | undefined> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path.join(runtimeDirectory, RECORD_NAME), "utf8"));
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const { pid, endpoint, token } = parsed as Record<string, unknown>;
  if (typeof pid !== "number" || typeof endpoint !== "string" || typeof token !== "string") return undefined;
  return { pid, endpoint, token };
}

/**
 * Waits until the worker that was given `token` has left its record. The token tells it from an earlier worker's; a process id would not,
 * since Python's launcher on Windows starts a second process.
 *
 * @throws the signal's reason, when it is aborted first.
 */
export function waitForRecord(runtimeDirectory: string, token: string, signal: AbortSignal): Promise<WorkerRecord> {
  return new Promise((resolve, reject) => {
    let watcher: FSWatcher | undefined;
    const timer = setInterval(() => {
      look();
    }, LOOK_EVERY_MS);
    const finish = () => {
      clearInterval(timer);
      watcher?.close();
      signal.removeEventListener("abort", onAbort);
    };
    const onAbort = () => {
      finish();
      reject(signal.reason as Error);
    };
    const look = () => {
      void readRecord(runtimeDirectory).then((record) => {
        if (record?.token !== token) return;
        finish();
        resolve(record);
      });
    };
    try {
      watcher = watch(runtimeDirectory, { persistent: false }, look);
      watcher.on("error", () => watcher?.close());
    } catch {
      // The timer looks, a little later.
    }
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort);
    // It may have been there before the watch was.
    look();
  });
}
