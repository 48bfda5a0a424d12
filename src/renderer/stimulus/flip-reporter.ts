/** Brings the flips to the worker: in order, one batch at a time, again until the worker has them. */
import { Code, ConnectError } from "@connectrpc/connect";
import type { Client } from "@connectrpc/connect";
import type { StimulusService } from "../../../gen/ts/macroscope/stimulus/v1/stimulus_pb";
import type { FittedClock, FlipColumns, FlipLog } from "../../stimulus";

const EVERY_MS = 200;

export interface ReporterTools {
  readonly client: Client<typeof StimulusService>;
  readonly log: FlipLog;
  /** The id to report with; undefined: there is nobody to report to now. */
  readonly attachmentId: () => string | undefined;
  /** The clocks as they stand now; undefined: not known yet. */
  readonly clock: () => FittedClock | undefined;
}

export class FlipReporter {
  readonly #tools: ReporterTools;
  readonly #timer: ReturnType<typeof setInterval>;
  #underWay = false;

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
    const batch = id !== undefined && clock ? this.#tools.log.batch(clock) : undefined;
    return id !== undefined && batch ? { id, batch } : undefined;
  }

  /** Whether it was taken; whatever was not stays in the log. */
  async #report(attachmentId: string, batch: FlipColumns): Promise<boolean> {
    const { client, log } = this.#tools;
    const end = batch.firstIndex + BigInt(batch.pageNs.length);
    try {
      const { nextIndex } = await client.reportFlips({ attachmentId, batch });
      if (attachmentId !== this.#tools.attachmentId()) return false;
      log.acknowledge(nextIndex);
      return nextIndex >= end;
    } catch (error) {
      // What the worker can never take would hold up all that follows.
      if (ConnectError.from(error).code !== Code.InvalidArgument) return false;
      console.error(`The worker refused flips ${batch.firstIndex} to ${end}:`, error);
      if (attachmentId === this.#tools.attachmentId()) log.acknowledge(end);
      return true;
    }
  }
}
