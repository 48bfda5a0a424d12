/**
 * Keeps one worker running: finds or starts it, starts it again with growing pauses when it is lost, and gives up when that happens too often.
 *
 * The figures follow what supervisors of long-running systems use: a process that dies again and again does not get better by itself, and a
 * person has to see why.
 */
import { create } from "@bufbuild/protobuf";
import type { Clock, Link } from "../rpc";
import {
  type WorkerProcess,
  WorkerPhase,
  WorkerProcessSchema,
} from "../../gen/ts/macroscope/application/v1/application_pb";

/** More losses than this within {@link WINDOW_MS} and the worker is given up. */
export const MOST_RESTARTS = 3;
/** See {@link MOST_RESTARTS}. */
const WINDOW_MS = 60_000;
/** Pause before the first, second, … restart within the window. */
export const PAUSES_MS = [200, 1000, 3000] as const;

/** A worker that answers: who it is, the link to it, and word of its end. */
export interface RunningWorker {
  readonly pid: number;
  readonly epoch: bigint;
  /** Authenticated; the supervisor's owner uses it until `lost` settles. */
  readonly link: Link;
  /** Settles when the worker has ended or cannot be reached any more, with a sentence that says why. Never rejects. */
  readonly lost: Promise<WorkerLoss>;
}

/** How a worker was lost. */
export interface WorkerLoss {
  readonly reason: string;
  /** The last lines it wrote, oldest first. */
  readonly lastLines: readonly string[];
}

/** Brings a worker up. The edge to processes and sockets. */
export interface WorkerLauncher {
  /**
   * A worker of an earlier life of this program, when one still runs.
   *
   * @throws when one is there but does not answer: a second one would take its camera, and nobody could reach its recording any more.
   */
  find(): Promise<RunningWorker | undefined>;
  /**
   * A new worker.
   *
   * @param resume - it goes on with the camera and settings of the one before.
   * @throws {@link WorkerStartError} when it ends before it answers.
   */
  start(resume: boolean): Promise<RunningWorker>;
}

/** A worker that ended before it answered. */
export class WorkerStartError extends Error {
  override readonly name = "WorkerStartError";
  readonly loss: WorkerLoss;

  constructor(loss: WorkerLoss) {
    super(loss.reason);
    this.loss = loss;
  }
}

/** What the supervisor tells of. */
export interface SupervisorEvents {
  /** There is a worker to talk to. */
  onRunning(worker: RunningWorker): void;
  /** There is none any more. */
  onLost(state: WorkerProcess): void;
}

/** Supervises one worker. `state` changes are told to subscribers with growing revisions. */
export class WorkerSupervisor {
  readonly #launcher: WorkerLauncher;
  readonly #events: SupervisorEvents;
  readonly #clock: Clock;
  readonly #listeners = new Set<(state: WorkerProcess) => void>();
  #state = create(WorkerProcessSchema, {
    revision: 1n,
    phase: WorkerPhase.STARTING,
  });
  #losses: number[] = [];
  #pause: unknown;
  #ageing: unknown;
  #hadWorker: boolean;
  #closed = false;

  /** @param hadWorker - a supervisor before this one had a worker; the next goes on where that one was. */
  constructor(launcher: WorkerLauncher, events: SupervisorEvents, clock: Clock, hadWorker = false) {
    this.#hadWorker = hadWorker;
    this.#launcher = launcher;
    this.#events = events;
    this.#clock = clock;
  }

  /** How the worker stands. A new object for every change; nobody writes into it. */
  get state(): WorkerProcess {
    return this.#state;
  }

  /** Calls `listener` for every new state; the answer ends that. */
  subscribe(listener: (state: WorkerProcess) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Finds or starts the worker for the first time. */
  begin(): void {
    void this.#bringUp();
  }

  /**
   * Starts the worker after it was given up, with a clean record.
   *
   * @returns false when it was not given up, and nothing was done.
   */
  startAgain(): boolean {
    if (this.#state.phase !== WorkerPhase.GAVE_UP) return false;
    this.#losses = [];
    this.#change({ phase: WorkerPhase.STARTING, reason: "", lastLines: [], restartsInLastMinute: 0 });
    void this.#bringUp();
    return true;
  }

  /** No more restarts. The worker itself is left to its life-line. */
  close(): void {
    this.#closed = true;
    this.#clock.clearTimeout(this.#pause);
    this.#clock.clearTimeout(this.#ageing);
    this.#listeners.clear();
  }

  async #bringUp(): Promise<void> {
    try {
      const worker = (await this.#launcher.find()) ?? (await this.#launcher.start(this.#hadWorker));
      if (this.#closed) return;
      this.#hadWorker = true;
      this.#change({
        phase: WorkerPhase.RUNNING,
        pid: worker.pid,
        epoch: worker.epoch,
        reason: "",
        lastLines: [],
      });
      this.#events.onRunning(worker);
      this.#handleLoss(await worker.lost);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#handleLoss(error instanceof WorkerStartError ? error.loss : { reason, lastLines: [] });
    }
  }

  #handleLoss({ reason, lastLines }: WorkerLoss): void {
    if (this.#closed) return;
    const now = this.#clock.now();
    this.#losses = [...this.#losses.filter((time) => now - time < WINDOW_MS), now];
    const restart = this.#losses.length;
    if (restart > MOST_RESTARTS) {
      this.#change({
        phase: WorkerPhase.GAVE_UP,
        pid: 0,
        reason: `${reason} It ended ${String(restart)} times within a minute and is not started again by itself.`,
        lastLines: [...lastLines],
      });
      this.#events.onLost(this.#state);
      return;
    }
    const pauseMs = PAUSES_MS[restart - 1] ?? PAUSES_MS[0];
    this.#change({
      phase: WorkerPhase.RESTARTING,
      pid: 0,
      reason,
      lastLines: [...lastLines],
      nextStartInMs: pauseMs,
      restarts: this.#state.restarts + 1,
      restartsInLastMinute: restart,
    });
    this.#forgetInTime();
    this.#events.onLost(this.#state);
    this.#pause = this.#clock.setTimeout(() => {
      this.#change({ phase: WorkerPhase.STARTING, nextStartInMs: 0 });
      // A worker whose link broke may still be there, and may be recording.
      void this.#bringUp();
    }, pauseMs);
  }

  /** Tells when a restart is no longer of the last minute, so that nobody has to count time from what was told. */
  #forgetInTime(): void {
    this.#clock.clearTimeout(this.#ageing);
    const [oldest] = this.#losses;
    if (oldest === undefined) return;
    this.#ageing = this.#clock.setTimeout(
      () => {
        const now = this.#clock.now();
        this.#losses = this.#losses.filter((time) => now - time < WINDOW_MS);
        // Given up, the count says why; it stands until somebody starts the worker again.
        if (this.#state.phase === WorkerPhase.GAVE_UP) return;
        this.#change({ restartsInLastMinute: this.#losses.length });
        this.#forgetInTime();
      },
      Math.max(0, oldest + WINDOW_MS - this.#clock.now()),
    );
  }

  #change(fields: Partial<Omit<WorkerProcess, "$typeName" | "$unknown" | "revision">>): void {
    this.#state = create(WorkerProcessSchema, {
      ...this.#state,
      ...fields,
      revision: this.#state.revision + 1n,
    });
    for (const listener of this.#listeners) listener(this.#state);
  }
}
