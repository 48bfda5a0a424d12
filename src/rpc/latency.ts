const STEPS_PER_DOUBLING = 4;

/** From 1 µs, and all below, to 2^30 µs (18 minutes), and all above. */
const STEPS = 30 * STEPS_PER_DOUBLING + 1;

/** Times of calls that have ended. */
export interface Latency {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How long calls took: a histogram in steps of a constant factor (1.19), so that a percentile is off by a tenth at the most. */
export class LatencyHistogram {
  readonly #steps = new Uint32Array(STEPS);
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  /** Counts one call. */
  add(durationMs: number): void {
    const step = stepOf(durationMs);
    this.#steps[step] = (this.#steps[step] ?? 0) + 1;
    this.#count += 1;
    this.#sumMs += durationMs;
    this.#maxMs = Math.max(this.#maxMs, durationMs);
  }

  /** What was counted; all zero when nothing was. */
  summary(): Latency {
    return {
      count: this.#count,
      meanMs: this.#count === 0 ? 0 : this.#sumMs / this.#count,
      p50Ms: this.#percentileMs(0.5),
      p99Ms: this.#percentileMs(0.99),
      maxMs: this.#maxMs,
    };
  }

  /** The middle of the step in which the call of this rank is, and no more than the longest. */
  #percentileMs(part: number): number {
    const rank = Math.ceil(part * this.#count);
    let seen = 0;
    for (const [step, calls] of this.#steps.entries()) {
      seen += calls;
      if (seen >= rank) {
        return Math.min(2 ** ((step + 0.5) / STEPS_PER_DOUBLING) / 1000, this.#maxMs);
      }
    }
    return this.#maxMs;
  }
}

function stepOf(durationMs: number): number {
  const micros = durationMs * 1000;
  return micros <= 1 ? 0 : Math.min(Math.floor(STEPS_PER_DOUBLING * Math.log2(micros)), STEPS - 1);
}
