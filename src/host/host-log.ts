/** The host's own log: one JSON object a line, of the same shape as the worker's, in files that are begun anew before they grow large. */
import { appendFile, mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { LogLine } from "../rpc";

const KEPT_FILES = 10;
const MOST_BYTES_PER_FILE = 2_000_000;
/** Few lines come, because whoever calls limits them; so many wait only for a disk that hangs. */
const MOST_WAITING_LINES = 1000;

const NAME = /^host-.*\.log$/;

/** Writes lines, in their order. Nobody waits for the disk: it may be busy with a recording, and the host passes on the stop of it. */
export class HostLog {
  readonly #directory: string;
  readonly #now: () => Date;
  #file = "";
  #bytes = 0;
  #broken = false;
  #waiting: string[] = [];
  /** Lines that were too many to wait, since the last one that was kept. */
  #leftOut = 0;
  #writing: Promise<void> | undefined;

  constructor(directory: string, now: () => Date = () => new Date()) {
    this.#directory = directory;
    this.#now = now;
  }

  /** Takes a line. A disk that refuses ends the log, not the host. */
  readonly write = (line: LogLine): void => {
    if (this.#broken) return;
    if (this.#waiting.length >= MOST_WAITING_LINES) {
      this.#leftOut += 1;
      return;
    }
    if (this.#leftOut > 0) {
      this.#waiting.push(this.#text({ level: "warning", event: "lines left out", lines: this.#leftOut }));
      this.#leftOut = 0;
    }
    this.#waiting.push(this.#text(line));
    this.#writing ??= this.#writeWaiting();
  };

  /** Resolves when all lines so far are written, or cannot be. */
  async written(): Promise<void> {
    await this.#writing;
  }

  #text({ level, event, ...fields }: LogLine): string {
    return `${JSON.stringify({ time: this.#now().toISOString(), level, logger: "host", event, ...fields })}\n`;
  }

  async #writeWaiting(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        if (this.#file === "" || this.#bytes >= MOST_BYTES_PER_FILE) await this.#begin();
        const text = this.#waiting.join("");
        this.#waiting = [];
        await appendFile(this.#file, text);
        this.#bytes += Buffer.byteLength(text);
      }
    } catch (error) {
      this.#broken = true;
      this.#waiting = [];
      console.error("The host's log cannot be written:", error);
    }
    this.#writing = undefined;
  }

  async #begin(): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const old = (await readdir(this.#directory)).filter((name) => NAME.test(name)).toSorted();
    for (const name of old.slice(0, Math.max(0, old.length - KEPT_FILES + 1))) {
      await rm(path.join(this.#directory, name), { force: true });
    }
    this.#file = path.join(this.#directory, `host-${this.#now().toISOString().replaceAll(":", "-")}.log`);
    this.#bytes = 0;
  }
}
