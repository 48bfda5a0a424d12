/** A run folder, looked at with the program that users look at theirs with. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const root = path.join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** The console script of the worker's environment. */
export const MACROSCOPE = path.join(
  root,
  ".venv",
  ...(process.platform === "win32" ? ["Scripts", "macroscope.exe"] : ["bin", "macroscope"]),
);

/** What `macroscope verify --json` says; the parts that tests read. */
export interface Verification {
  readonly good: boolean;
  readonly good_frames: number;
  readonly [name: string]: unknown;
}

/** The run folders of a folder of recordings, oldest first. */
export async function runsIn(recordings: string): Promise<string[]> {
  return (await readdir(recordings)).toSorted().map((name) => path.join(recordings, name));
}

/** Checks a run folder. */
export async function verifyRun(folder: string): Promise<Verification> {
  const { stdout } = await run(MACROSCOPE, ["verify", folder, "--json"]);
  return JSON.parse(stdout) as Verification;
}

/** `run.json` of a run folder. */
export async function summaryOf(folder: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path.join(folder, "run.json"), "utf8")) as Record<string, unknown>;
}
