/** Samples memory and open files of the program's processes. */
import { readdir, readFile } from "node:fs/promises";
import type { ProcessReport, ProcessSample } from "../order";

const PAGE_BYTES = 4096;

async function sampleOf(pid: number, atMs: number): Promise<ProcessSample | undefined> {
  const text = await readFile(`/proc/${String(pid)}/statm`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const memoryMb = (Number(text.split(" ")[1]) * PAGE_BYTES) / 1e6;
  const files = await readdir(`/proc/${String(pid)}/fd`).catch(() => undefined);
  return files ? { atMs, memoryMb, files: files.length } : { atMs, memoryMb };
}

/**
 * Looks at processes every so often until what it gives back is called, which gives the samples. Only Linux tells; elsewhere there are none.
 *
 * @param pids - by name.
 */
export function watchProcesses(pids: Readonly<Record<string, number>>, everyMs: number): () => ProcessReport[] {
  const samples = new Map<string, ProcessSample[]>(Object.keys(pids).map((name) => [name, []]));
  const start = performance.now();
  const look = async () => {
    const atMs = performance.now() - start;
    for (const [name, pid] of Object.entries(pids)) {
      const sample = await sampleOf(pid, atMs);
      if (sample) samples.get(name)?.push(sample);
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  return () => {
    clearInterval(timer);
    return [...samples].map(([name, all]) => ({ name, samples: all }));
  };
}
