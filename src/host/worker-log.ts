/**
 * Where a worker's output goes: a file of its own. A pipe would break with the host, and a worker that records has to outlive it.
 */
import { type FileHandle, mkdir, open, readdir, rm } from "node:fs/promises";
import path from "node:path";

/** How many workers' files are kept. */
const KEPT_FILES = 20;
/** As much as a person reads in an error. */
const LAST_LINES = 20;
const LAST_BYTES = 16_384;

const NAME = /^worker-.*\.log$/;

/** One worker's log file. */
export class WorkerLog {
  readonly path: string;
  readonly #handle: FileHandle;

  private constructor(file: string, handle: FileHandle) {
    this.path = file;
    this.#handle = handle;
  }

  /** Makes a new file in `directory` and removes the oldest beyond the kept number. */
  static async create(directory: string, now: Date): Promise<WorkerLog> {
    await mkdir(directory, { recursive: true });
    const old = (await readdir(directory)).filter((name) => NAME.test(name)).toSorted();
    for (const name of old.slice(0, Math.max(0, old.length - KEPT_FILES + 1)))
      await rm(path.join(directory, name), { force: true });
    const file = path.join(directory, `worker-${now.toISOString().replaceAll(":", "-")}.log`);
    return new WorkerLog(file, await open(file, "a"));
  }

  /** For the child's stdout and stderr. */
  get fd(): number {
    return this.#handle.fd;
  }

  /** Lets go of the file, once the child has it. */
  async release(): Promise<void> {
    await this.#handle.close();
  }

  /** The last lines in the file, oldest first. */
  async lastLines(): Promise<string[]> {
    const handle = await open(this.path, "r").catch(() => undefined);
    if (!handle) return [];
    try {
      const { size } = await handle.stat();
      const start = Math.max(0, size - LAST_BYTES);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(LAST_BYTES), 0, LAST_BYTES, start);
      const lines = buffer.toString("utf8", 0, bytesRead).split(/\r?\n/);
      // The first may be the end of a longer one.
      if (start > 0) lines.shift();
      return lines.filter((line) => line !== "").slice(-LAST_LINES);
    } finally {
      await handle.close();
    }
  }
}
