// A worker with its WebSocket, as a host would keep one: life-line on stdin, output in a file, started again when it ends unasked.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { venvProgram } from "../support/project.mjs";

const RESTARTS_ALLOWED = 3;
const RESTART_WINDOW_MS = 60_000;
const OPEN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;
const LINES_SHOWN = 15;

/** @typedef {{ address: string, operator_token: string }} Door */

export class BrowserWorker {
  /** Told when its WebSocket is open; `again` after a restart. @type {(address: string, again: boolean) => void} */
  onOpen = () => undefined;
  /** Told why it is not started any more. @type {(reason: string) => void} */
  onGivenUp = () => undefined;

  #runtime;
  #recordings;
  #origin;
  #log;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;
  /** @type {Promise<void>} */
  #gone = Promise.resolve();
  /** @type {number[]} */
  #ends = [];
  /** After the first start the port stays: the page's policy names it. */
  #port = 0;
  #ending = false;

  /** @param {{ runtime: string, recordings: string | undefined, origin: string }} settings */
  constructor({ runtime, recordings, origin }) {
    this.#runtime = runtime;
    this.#recordings = recordings;
    this.#origin = origin;
    this.#log = path.join(runtime, "worker.log");
  }

  /** Address and tokens; only its owner may read it. */
  get tokenFile() {
    return path.join(this.#runtime, "websocket.json");
  }

  start(again = false) {
    mkdirSync(this.#runtime, { recursive: true, mode: 0o700 });
    const before = this.#door();
    const log = openSync(this.#log, again ? "a" : "w", 0o600);
    const child = spawn(
      venvProgram("python"),
      [
        ...["-m", "macroscope_worker", "--runtime-directory", this.#runtime],
        ...(this.#recordings === undefined ? [] : ["--recordings-directory", this.#recordings]),
        ...["--websocket-port", String(this.#port), "--websocket-origin", this.#origin],
        ...(again ? ["--resume"] : []),
      ],
      {
        stdio: ["pipe", log, log],
        // Ctrl-C is for us: we end it politely, so that a recording is whole.
        detached: true,
        windowsHide: true,
        env: { ...process.env, PYTHONUNBUFFERED: "1", PYTHONUTF8: "1" },
      },
    );
    closeSync(log);
    this.#child = child;
    this.#gone = new Promise((resolve) => {
      child.once("error", (error) => (this.#ended(error.message), resolve()));
      child.once("exit", (code, signal) => (this.#ended(signal ?? `exit code ${code}`), resolve()));
    });
    child.stdin?.on("error", () => undefined);
    // Its other door, for a host, is not used here; nobody needs to know its token.
    child.stdin?.write(`${JSON.stringify({ token: randomBytes(32).toString("hex") })}\n`);
    void this.#waitForDoor(before, again, Date.now() + OPEN_WITHIN_MS);
  }

  /** Ends it, and waits until it is gone; a recording is ended well first. */
  async end() {
    this.#ending = true;
    this.#child?.kill("SIGTERM");
    await this.#gone;
  }

  /**
   * @param {Door | undefined} before
   * @param {boolean} again
   * @param {number} until
   */
  async #waitForDoor(before, again, until) {
    const child = this.#child;
    while (!this.#ending && this.#child === child) {
      const door = this.#door();
      if (door !== undefined && door.operator_token !== before?.operator_token) {
        this.#port = Number(new URL(door.address).port);
        this.onOpen(door.address, again);
        return;
      }
      if (Date.now() > until) {
        this.onGivenUp(`The worker did not open its WebSocket. ${this.#lastLines()}`);
        return;
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** @param {string} how */
  #ended(how) {
    this.#child = undefined;
    if (this.#ending) return;
    this.#ends = [...this.#ends.filter((end) => Date.now() - end < RESTART_WINDOW_MS), Date.now()];
    if (this.#ends.length > RESTARTS_ALLOWED) {
      this.onGivenUp(`The worker ended too often, the last time with ${how}. ${this.#lastLines()}`);
    } else {
      console.log(`\nThe worker ended with ${how}; it is started again.`);
      this.start(true);
    }
  }

  /** @returns {Door | undefined} */
  #door() {
    try {
      return JSON.parse(readFileSync(this.tokenFile, "utf8"));
    } catch {
      return undefined;
    }
  }

  #lastLines() {
    const lines = readFileSync(this.#log, "utf8").trim().split("\n").slice(-LINES_SHOWN);
    return `Its last lines (all are in ${this.#log}):\n${lines.join("\n")}`;
  }
}
