/** The host's own log: one JSON object a line, of the same shape as the worker's, in files that are begun anew before they grow large. */
import { appendFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { LogLine } from "../rpc";

const KEPT_FILES = 10;
const MOST_BYTES_PER_FILE = 2_000_000;

const NAME = /^host-.*\.log$/;

/** Writes lines. Few come, because whoever calls limits them; so each is written at once and none is lost with the process. */
export class HostLog {
  readonly #directory: string;
  readonly #now: () => Date;
  #file = "";
  #bytes = 0;
  #broken = false;

  constructor(directory: string, now: () => Date = () => new Date()) {
    this.#directory = directory;
    this.#now = now;
  }

  /** Writes a line. A disk that refuses ends the log, not the host. */
  readonly write = ({ level, event, ...fields }: LogLine): void => {
    if (this.#broken) return;
    const now = this.#now();
    const line = `${JSON.stringify({ time: now.toISOString(), level, logger: "host", event, ...fields })}\n`;
    try {
      if (this.#file === "" || this.#bytes >= MOST_BYTES_PER_FILE) this.#begin(now);
      appendFileSync(this.#file, line);
      this.#bytes += Buffer.byteLength(line);
    } catch (error) {
      this.#broken = true;
      console.error("The host's log cannot be written:", error);
    }
  };

  #begin(now: Date): void {
    mkdirSync(this.#directory, { recursive: true });
    const old = readdirSync(this.#directory)
      .filter((name) => NAME.test(name))
      .toSorted();
    for (const name of old.slice(0, Math.max(0, old.length - KEPT_FILES + 1))) {
      rmSync(path.join(this.#directory, name), { force: true });
    }
    this.#file = path.join(this.#directory, `host-${now.toISOString().replaceAll(":", "-")}.log`);
    this.#bytes = 0;
  }
}
