/** Brings up real workers: a process of its own session, with a life-line on stdin and a socket to talk over. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { dialWorker } from "./worker-socket";
import { WorkerLog } from "./worker-log";
import { RECORD_NAME, readRecord, waitForRecord, type WorkerRecord } from "./worker-record";
import { type RunningWorker, type WorkerLauncher, type WorkerLoss, WorkerStartError } from "./worker-supervisor";

/** Python with cold caches and a virus scanner beside it takes its time. */
const START_TIMEOUT_MS = 30_000;
/** A worker that is there answers at once. */
const FIND_TIMEOUT_MS = 2_000;

/** How long a process whose link has closed is given to end, before the link's end is all there is to say. */
const EXIT_GRACE_MS = 500;

/** What the launcher needs to know of the machine. */
export interface LauncherSettings {
  readonly python: string;
  readonly workerArguments: readonly string[];
  readonly runtimeDirectory: string;
  readonly logDirectory: string;
}

/** How a process ended, in words. */
function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal) return `The worker was ended by ${signal}.`;
  return code === 0 ? "The worker ended by itself." : `The worker ended with exit code ${String(code)}.`;
}

/** Settles with how the child ended; a child that could not be started ends too. */
function ending(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      resolve(describeExit(code, signal));
    });
    child.once("error", (error) => {
      resolve(`The worker cannot be started: ${error.message}.`);
    });
  });
}

/** Finds and starts worker processes. */
export class ProcessLauncher implements WorkerLauncher {
  readonly #settings: LauncherSettings;
  readonly #findTimeoutMs: number;

  constructor(settings: LauncherSettings, findTimeoutMs = FIND_TIMEOUT_MS) {
    this.#settings = settings;
    this.#findTimeoutMs = findTimeoutMs;
  }

  async find(): Promise<RunningWorker | undefined> {
    const record = await readRecord(this.#settings.runtimeDirectory);
    if (!record) return undefined;
    const patience = AbortSignal.timeout(this.#findTimeoutMs);
    try {
      const { link, closed, pid, epoch } = await dialWorker(record, patience);
      const lost = closed.then((reason) => ({ reason, lastLines: [] }));
      return { pid, epoch, link, lost };
    } catch {
      if (patience.aborted) {
        throw new Error(
          `The worker of process ${String(record.pid)} is there but does not answer. It may be recording, so no other is started. ` +
            "End that process if it stays so.",
        );
      }
      // Nobody there, or somebody else: the record is of a worker that did not clean up.
      await rm(path.join(this.#settings.runtimeDirectory, RECORD_NAME), {
        force: true,
      });
      return undefined;
    }
  }

  async start(resume: boolean): Promise<RunningWorker> {
    const { python, workerArguments, runtimeDirectory, logDirectory } = this.#settings;
    await mkdir(runtimeDirectory, { recursive: true, mode: 0o700 });
    const log = await WorkerLog.create(logDirectory, new Date());
    const token = randomBytes(32).toString("hex");
    const child = spawn(
      python,
      [
        "-m",
        "macroscope_worker",
        "--runtime-directory",
        runtimeDirectory,
        ...workerArguments,
        ...(resume ? ["--resume"] : []),
      ],
      {
        stdio: ["pipe", log.fd, log.fd],
        // Its own session: an interrupt at the terminal, or the end of the host's group, is not the end of a recording.
        detached: true,
        windowsHide: true,
        env: { ...process.env, PYTHONUNBUFFERED: "1", PYTHONUTF8: "1" },
      },
    );
    const ended = ending(child);
    await log.release();
    // The token goes down the life-line: arguments and environment can be read by others.
    child.stdin?.on("error", () => undefined);
    child.stdin?.write(`${JSON.stringify({ token })}\n`);
    child.unref();

    const abort = new AbortController();
    const timeout = setTimeout(() => {
      abort.abort(new Error(`The worker did not answer within ${String(START_TIMEOUT_MS / 1000)} s.`));
    }, START_TIMEOUT_MS);
    void ended.then((reason) => {
      abort.abort(new Error(reason));
    });
    try {
      const record = await waitForRecord(runtimeDirectory, token, abort.signal);
      return await this.#connect(record, child, ended, log, abort.signal);
    } catch (error) {
      child.kill("SIGKILL");
      const reason = error instanceof Error ? error.message : String(error);
      throw new WorkerStartError({ reason, lastLines: await log.lastLines() });
    } finally {
      clearTimeout(timeout);
    }
  }

  async #connect(
    record: WorkerRecord,
    child: ChildProcess,
    ended: Promise<string>,
    log: WorkerLog,
    signal: AbortSignal,
  ): Promise<RunningWorker> {
    const { link, closed, pid, epoch } = await dialWorker(record, signal);
    const lost = Promise.race([ended, closed]).then(async (reason): Promise<WorkerLoss> => {
      link.close("The worker is gone.");
      // Its exit follows its link by a moment, and says more.
      const said = await Promise.race([ended, delay(EXIT_GRACE_MS, reason)]);
      return { reason: said, lastLines: await log.lastLines() };
    });
    return { pid, epoch, link, lost };
  }
}
