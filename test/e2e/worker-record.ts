/** Waits for a worker that a test did not start itself. */
import { watch } from "node:fs/promises";
import { readRecord, type WorkerRecord } from "../../src/host/worker-record";

/**
 * The record of the worker in a runtime folder, as soon as there is one.
 *
 * @param except - a worker that is known already, and waited past.
 */
export async function waitForAnyRecord(runtimeDirectory: string, except?: number): Promise<WorkerRecord> {
  const watcher = watch(runtimeDirectory);
  const there = await readRecord(runtimeDirectory);
  if (there && there.pid !== except) return there;
  for await (const _event of watcher) {
    const record = await readRecord(runtimeDirectory);
    if (record && record.pid !== except) return record;
  }
  throw new Error("The folder is watched no more.");
}
