// The copy's program for browsers: its worker, with the copy's code and schema, and its page.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { clearTimeout, setTimeout } from "node:timers";
import { node24, toolEnvironment } from "../support/project.mjs";

const READY_WITHIN_MS = 90_000;

export class RunningProgram {
  origin = "";
  #child;
  #folder;

  /** @param {import("./checkout-copy.mjs").CheckoutCopy} copy */
  constructor(copy) {
    this.#folder = path.join(copy.folder, ".run");
    const program = path.join(copy.folder, "scripts", "browser", "program.mjs");
    this.#child = spawn(node24, [program, "--folder", this.#folder, "--port", "0"], {
      cwd: copy.folder,
      env: toolEnvironment({ PYTHONPATH: copy.pythonPath }),
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Settles as soon as the program has said how to get in. */
  async ready() {
    let said = "";
    this.origin = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`The program did not get ready:\n${said}`)), READY_WITHIN_MS);
      const read = (/** @type {Buffer} */ data) => {
        said += data.toString();
        const origin = /Open\s+(http:\/\/\S+?)\/\s/.exec(said)?.[1];
        if (origin === undefined) return;
        clearTimeout(timer);
        resolve(origin);
      };
      this.#child.stdout.on("data", read);
      this.#child.stderr.on("data", read);
      this.#child.once("exit", (code) => reject(new Error(`The program ended with ${code}:\n${said}\n${this.log()}`)));
    });
  }

  /** @returns {{ address: string, operator_token: string }} */
  get door() {
    return JSON.parse(readFileSync(path.join(this.#folder, "run", "websocket.json"), "utf8"));
  }

  log() {
    try {
      return readFileSync(path.join(this.#folder, "run", "worker.log"), "utf8");
    } catch {
      return "";
    }
  }

  async end() {
    if (this.#child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill();
    await gone;
  }
}
