/** What the processes of the program hold, as Linux tells it; elsewhere only the memory that Electron counts is known. */
import { readdir, readFile } from "node:fs/promises";

const MIB = 1024;

/** One process at one time. */
export interface Holdings {
  /** Resident memory that no file backs, in MiB: what a leak grows. */
  readonly memoryMib: number;
  readonly threads: number;
  /** Open files and sockets. */
  readonly handles: number;
}

/** Nothing when the process is gone, or the system is another. */
export async function holdingsOf(pid: number): Promise<Holdings | undefined> {
  const folder = `/proc/${String(pid)}`;
  try {
    const [status, handles] = await Promise.all([readFile(`${folder}/status`, "utf8"), readdir(`${folder}/fd`)]);
    const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    return { memoryMib: number("RssAnon") / MIB, threads: number("Threads"), handles: handles.length };
  } catch {
    return undefined;
  }
}
