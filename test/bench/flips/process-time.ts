/** Processor time of processes, as Linux tells it; elsewhere there is none. */
import { readFile } from "node:fs/promises";

/** The kernel counts in hundredths of a second, whatever it runs on. */
const TICKS_PER_S = 100;

/** Seconds of processor time that these processes have used together since they began. */
export async function processTimeS(pids: readonly number[]): Promise<number> {
  const times = await Promise.all(pids.map(timeOf));
  return times.reduce((sum, time) => sum + time, 0);
}

async function timeOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${String(pid)}/stat`, "utf8").catch(() => "");
  // The name stands in brackets, and may have anything in it.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_S;
}
