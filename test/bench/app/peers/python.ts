/** Starts the Python end of a peer. It ends when its stdin does. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { createInterface } from "node:readline";

export type PeerProcess = ChildProcessByStdio<Writable, Readable, null>;

/** Which Python, and where the peers' programs are. */
export interface PeerPython {
  readonly python: string;
  readonly directory: string;
}

export function startPeer(
  { python, directory }: PeerPython,
  program: string,
  args: readonly string[] = [],
): PeerProcess {
  return spawn(python, ["-u", path.join(directory, program), ...args], { stdio: ["pipe", "pipe", "inherit"] });
}

/** The first line it prints: where it listens. */
export function firstLine(child: PeerProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface(child.stdout);
    lines.once("line", (line) => {
      lines.close();
      resolve(line);
    });
    child.once("exit", (code) => {
      reject(new Error(`A peer's Python ended with code ${String(code)}.`));
    });
  });
}
