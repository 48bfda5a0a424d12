import { Code } from "@connectrpc/connect";
import type { Objection } from "./watched-link";

/** What a call is. */
export interface CallPlan {
  readonly label: string;
  readonly method: string;
  /** May be executed more than once. */
  readonly idempotent: boolean;
  readonly startedMs: number;
  /** Undefined is none. */
  readonly deadlineMs: number | undefined;
  /** For how long the caller's program has stood still since its beginning. */
  readonly stalledMs: () => number;
  /** Codes that it may end with although nothing went wrong. */
  readonly expected?: readonly Code[];
}

/** One time that a handler ran. */
export interface Run {
  readonly server: string;
  ended: boolean;
  answered: boolean;
  made: number;
}

/** One call, as its caller and its handlers saw it. */
export interface CallEntry extends CallPlan {
  readonly runs: Run[];
  taken: number;
  ends: number;
  code: Code | undefined;
  abortedMs: number | undefined;
  /** The program that made it is gone, and will not hear of its end. */
  orphaned: boolean;
}

/** All calls of a simulation, and what must be true of them. */
export class Ledger {
  readonly #calls = new Map<string, CallEntry>();
  readonly #open = new Set<CallEntry>();

  constructor(
    private readonly object: Objection,
    private readonly now: () => number,
    /** Told of handlers that got a call which nobody made. */
    private readonly onUnknown: Objection,
  ) {}

  get calls(): Iterable<CallEntry> {
    return this.#calls.values();
  }

  get open(): Iterable<CallEntry> {
    return this.#open;
  }

  begin(plan: CallPlan): CallEntry {
    const entry: CallEntry = {
      ...plan,
      runs: [],
      taken: 0,
      ends: 0,
      code: undefined,
      abortedMs: undefined,
      orphaned: false,
    };
    this.#calls.set(plan.label, entry);
    this.#open.add(entry);
    return entry;
  }

  /** The caller heard of the end; `code` is missing when it went well. */
  end(entry: CallEntry, code: Code | undefined): void {
    entry.ends += 1;
    entry.code = code;
    this.#open.delete(entry);
    if (entry.ends > 1) {
      this.object(`${entry.label} ended ${entry.ends} times for its caller.`);
    }
    if (code === undefined && !entry.runs.some((run) => run.answered)) {
      this.object(`${entry.label} ended well, and no handler has answered it.`);
    }
    const overMs = entry.deadlineMs === undefined ? -Infinity : this.now() - entry.startedMs - entry.deadlineMs;
    if (code === Code.DeadlineExceeded && overMs < -0.01) {
      this.object(`${entry.label} ended by its deadline before that had come.`);
    }
    // The consumer of a stream may hear late because it takes late, and a program that stands still hears everything late. Times are rounded up.
    if (entry.method.startsWith("call") && overMs > 1 + entry.stalledMs()) {
      this.object(`${entry.label} ended ${overMs} ms after its deadline.`);
    }
  }

  /** A handler begins; `label` may be one that nobody sent, where bytes came twice. */
  run(label: string, server: string): Run {
    const run: Run = { server, ended: false, answered: false, made: 0 };
    const entry = this.#calls.get(label);
    if (entry === undefined) {
      this.onUnknown(`A handler got the call ${label}, which nobody made.`);
      return run;
    }
    entry.runs.push(run);
    if (!entry.idempotent && entry.runs.length > 1) {
      this.object(
        `${label} was executed ${entry.runs.length} times: ${entry.runs.map((one) => one.server).join(", ")}.`,
      );
    }
    return run;
  }

  endRun(label: string, run: Run): void {
    if (run.ended) {
      this.object(`A handler of ${label} ended twice.`);
    }
    run.ended = true;
  }
}
