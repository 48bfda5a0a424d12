import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import path from "node:path";
import { joined } from "./mutations";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PYTHON = path.join(ROOT, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** What is asked of the Python side: about single frames, or of sequences for one end of a connection. */
export type Question = "frames" | "whole frames" | "server" | "client";
const QUESTIONS: readonly Question[] = ["frames", "whole frames", "server", "client"];

/** The Python decoders, in a process that stays: batches go in, verdicts come out. Ends with `close`. */
export class PythonSide {
  readonly #child: ChildProcess;
  readonly #waiting: { resolve(lines: string[]): void; reject(error: Error): void }[] = [];
  #received: Buffer = Buffer.alloc(0);
  #errors = "";

  constructor() {
    this.#child = spawn(PYTHON, ["-m", "tests.fuzz.decoder"], {
      cwd: path.join(ROOT, "python"),
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child.stdout!.on("data", (chunk: Buffer) => this.#onData(chunk));
    this.#child.stderr!.on("data", (chunk: Buffer) => (this.#errors += chunk.toString()));
    this.#child.on("close", (code) => {
      const error = new Error(`The Python side ended with ${code}. ${this.#errors}`);
      this.#waiting.splice(0).forEach(({ reject }) => reject(error));
    });
    this.#child.stdin!.on("error", () => undefined);
  }

  /** Verdicts, one for each item. An item is one frame, or the frames of a sequence. */
  ask(question: Question, items: readonly (readonly Uint8Array[])[]): Promise<string[]> {
    const parts: Uint8Array[] = [Uint8Array.of(QUESTIONS.indexOf(question)), uint32(items.length)];
    for (const frames of items) {
      parts.push(uint32(frames.length));
      for (const frame of frames) {
        parts.push(uint32(frame.length), frame);
      }
    }
    const block = joined(...parts);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin!.write(joined(uint32(block.length), block));
    });
  }

  close(): void {
    this.#child.stdin!.end();
  }

  #onData(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 4) {
      const length = this.#received.readUInt32LE(0);
      if (this.#received.length < 4 + length) {
        return;
      }
      const text = this.#received.toString("utf8", 4, 4 + length);
      this.#received = this.#received.subarray(4 + length);
      this.#waiting.shift()?.resolve(text.split("\n"));
    }
  }
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
