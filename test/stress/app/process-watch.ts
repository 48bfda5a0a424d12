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

/** Looks at processes, every so often and when asked to. Only Linux tells what they use; elsewhere there are no samples. */
export class ProcessWatch {
  readonly #pids: Readonly<Record<string, number>>;
  readonly #samples: ReadonlyMap<string, ProcessSample[]>;
  readonly #start = performance.now();
  readonly #timer: NodeJS.Timeout;

  /** @param pids - by name. */
  constructor(pids: Readonly<Record<string, number>>, everyMs: number) {
    this.#pids = pids;
    this.#samples = new Map(Object.keys(pids).map((name) => [name, []]));
    this.#timer = setInterval(() => void this.#look(Object.keys(pids), {}), everyMs);
  }

  /** Looks now at these, whose garbage has just been collected. */
  async lookAfterCollection(names: readonly string[]): Promise<void> {
    await this.#look(names, { collected: true });
  }

  /** Ends it. */
  stop(): ProcessReport[] {
    clearInterval(this.#timer);
    return [...this.#samples].map(([name, samples]) => ({ name, samples }));
  }

  async #look(names: readonly string[], mark: Pick<ProcessSample, "collected">): Promise<void> {
    const atMs = performance.now() - this.#start;
    for (const name of names) {
      const sample = await sampleOf(this.#pids[name] ?? 0, atMs);
      if (sample) this.#samples.get(name)?.push({ ...sample, ...mark });
    }
  }
}
