/** Brings the flips to the worker: in order, one batch at a time, again until the worker has them or can never take them. */
import { Code, ConnectError } from "@connectrpc/connect";
import type { Client } from "@connectrpc/connect";
import type { StimulusService } from "../../../gen/ts/macroscope/stimulus/v1/stimulus_pb";
import { MOST_IN_A_BATCH } from "../../stimulus";
import type { FittedClock, FlipColumns, FlipLog } from "../../stimulus";

const EVERY_MS = 200;
/** Given up together when one of them can never be taken: half a second at 60 Hz. A larger batch is halved first, so that no more is lost with it. */
const FEWEST_GIVEN_UP = 30;
/** A batch that the worker fails at so often, it never takes. */
const TRIES = 3;

/** The batch breaks a rule, and always will. */
const NEVER: ReadonlySet<Code> = new Set([Code.InvalidArgument, Code.OutOfRange, Code.Unimplemented]);
/** What is against it has nothing to do with the batch, and passes. */
const LATER: ReadonlySet<Code> = new Set([
  Code.Canceled,
  Code.DeadlineExceeded,
  Code.Unavailable,
  Code.Aborted,
  Code.FailedPrecondition,
  Code.ResourceExhausted,
  Code.PermissionDenied,
  Code.Unauthenticated,
]);

export interface ReporterTools {
  readonly client: Client<typeof StimulusService>;
  readonly log: FlipLog;
  /** The id to report with; undefined: there is nobody to report to now. */
  readonly attachmentId: () => string | undefined;
  /** The clocks as they stand now; undefined: not known yet. */
  readonly clock: () => FittedClock | undefined;
  /** Flips were given up, because the worker can never take them: why, a sentence. */
  readonly onGivenUp?: (reason: string) => void;
}

export class FlipReporter {
  readonly #tools: ReporterTools;
  readonly #timer: ReturnType<typeof setInterval>;
  #underWay = false;
  #most = MOST_IN_A_BATCH;
  #failing = { firstIndex: -1n, times: 0 };

  /** Reports from now on; whoever makes it stops it. */
  constructor(tools: ReporterTools) {
    this.#tools = tools;
    this.#timer = setInterval(() => void this.flush(), EVERY_MS);
  }

  /** Reports what waits, at once, unless a report is under way. Answers when nothing waits any more, or it did not work. */
  async flush(): Promise<void> {
    if (this.#underWay) return;
    this.#underWay = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) {
        if (!(await this.#report(next.id, next.batch))) return;
      }
    } finally {
      this.#underWay = false;
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #next(): { readonly id: string; readonly batch: FlipColumns } | undefined {
    const id = this.#tools.attachmentId();
    const clock = this.#tools.clock();
    const batch = id !== undefined && clock ? this.#tools.log.batch(clock, this.#most) : undefined;
    return id !== undefined && batch ? { id, batch } : undefined;
  }

  /** Whether to go on at once; what was neither taken nor given up stays in the log. */
  async #report(attachmentId: string, batch: FlipColumns): Promise<boolean> {
    const { client, log } = this.#tools;
    const end = batch.firstIndex + BigInt(batch.pageNs.length);
    try {
      const { nextIndex } = await client.reportFlips({ attachmentId, batch });
      if (attachmentId !== this.#tools.attachmentId()) return false;
      log.acknowledge(nextIndex);
      this.#most = Math.min(MOST_IN_A_BATCH, 2 * this.#most);
      return nextIndex >= end;
    } catch (error) {
      if (attachmentId !== this.#tools.attachmentId()) return false;
      const { code, rawMessage } = ConnectError.from(error);
      if (!this.#isHopeless(code, batch.firstIndex)) return false;
      // What the worker can never take would hold up all that follows.
      const flips = batch.pageNs.length;
      if (flips > FEWEST_GIVEN_UP) this.#most = Math.max(FEWEST_GIVEN_UP, Math.ceil(flips / 2));
      else {
        console.error(`The worker refused flips ${batch.firstIndex} to ${end}:`, error);
        log.giveUp(end);
        this.#tools.onGivenUp?.(rawMessage);
      }
      return true;
    }
  }

  #isHopeless(code: Code, firstIndex: bigint): boolean {
    if (NEVER.has(code)) return true;
    if (LATER.has(code)) return false;
    const again = this.#failing.firstIndex === firstIndex;
    this.#failing = { firstIndex, times: again ? this.#failing.times + 1 : 1 };
    return this.#failing.times >= TRIES;
  }
}
