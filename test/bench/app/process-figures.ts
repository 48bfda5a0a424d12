/** What a process has used, as the system tells it. Where the system does not tell, the cases that need it are left out. */
import { readdir, readFile } from "node:fs/promises";

const PAGE_BYTES = 4096;

/** Memory of a process in use, in MB; undefined where it is not to be had. */
export async function residentMb(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${String(pid)}/statm`, "utf8").catch(() => undefined);
  const pages = Number(text?.split(" ")[1]);
  return Number.isFinite(pages) ? (pages * PAGE_BYTES) / 1e6 : undefined;
}

/** Processor time of a process so far, of all its threads, in milliseconds. */
export async function processorMs(pid: number): Promise<number | undefined> {
  const tasks = `/proc/${String(pid)}/task`;
  const threads = await readdir(tasks).catch(() => []);
  let ns = 0;
  for (const thread of threads) {
    // A thread may end while we look.
    const text = await readFile(`${tasks}/${thread}/schedstat`, "utf8").catch(() => "0");
    ns += Number(text.split(" ")[0]);
  }
  return ns > 0 ? ns / 1e6 : undefined;
}
