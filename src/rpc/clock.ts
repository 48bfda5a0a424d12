const NS_PER_MS = 1_000_000;
const SAMPLES_KEPT = 16;

/** How fast two clocks may drift apart. */
const DRIFT_PPM = 50n;

/** Where time comes from. Readings are monotonic. */
export interface Clock {
  /** Milliseconds since some moment in the past. */
  now(): number;
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** The runtime's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (handle) => clearTimeout(handle),
};

/** A reading of the clock as it travels. */
export function toNs(nowMs: number): bigint {
  return BigInt(Math.round(nowMs * NS_PER_MS));
}

/** How the peer's clock stands to ours. */
export interface ClockOffset {
  /** Peer's reading minus ours at the same moment. */
  readonly offsetNs: bigint;
  /** The true offset is no further away than this. */
  readonly errorNs: bigint;
  /** How far the recent measurements lie from this offset, root mean square. */
  readonly residualNs: bigint;
  /** How long the newest ping and its pong travelled, without the time at the peer. */
  readonly roundTripMs: number;
}

interface Sample {
  readonly offsetNs: bigint;
  readonly errorNs: bigint;
  readonly arrivedNs: bigint;
  readonly travelNs: bigint;
}

/**
 * Offset and error bound between the clocks of both ends, from pings and pongs. The best of the last samples counts; since two clocks drift apart, the
 * error of a sample grows with its age.
 */
export class ClockEstimate {
  #samples: Sample[] = [];
  #measured = 0;
  #outNs: bigint | undefined;

  /** How many measurements there have been. */
  get measured(): number {
    return this.#measured;
  }

  /** A ping goes out (ours). One that is still out is no longer waited for. */
  asked(sentNs: bigint): void {
    this.#outNs = sentNs;
  }

  /**
   * Adds a ping's journey: sent (ours), received and answered (peer's), arrived (ours). A journey that cannot be is ignored, and so is the answer to a ping
   * that is not out.
   */
  add(sentNs: bigint, peerReceivedNs: bigint, peerSentNs: bigint, arrivedNs: bigint): void {
    if (sentNs !== this.#outNs) {
      return;
    }
    this.#outNs = undefined;
    const travelNs = arrivedNs - sentNs - (peerSentNs - peerReceivedNs);
    if (arrivedNs < sentNs || peerSentNs < peerReceivedNs || travelNs < 0n) {
      return;
    }
    const offsetNs = (peerReceivedNs - sentNs + (peerSentNs - arrivedNs)) / 2n;
    // Halves are cut off; the one more keeps the bound true.
    this.#samples.push({ offsetNs, errorNs: travelNs / 2n + 1n, arrivedNs, travelNs });
    this.#measured += 1;
    if (this.#samples.length > SAMPLES_KEPT) {
      this.#samples.shift();
    }
  }

  /** The estimate as of now (ours); undefined before the first sample. */
  at(nowNs: bigint): ClockOffset | undefined {
    const newest = this.#samples.at(-1);
    if (newest === undefined) {
      return undefined;
    }
    const grown = ({ errorNs, arrivedNs }: Sample) =>
      errorNs + (nowNs > arrivedNs ? ((nowNs - arrivedNs) * DRIFT_PPM) / 1_000_000n : 0n);
    const best = this.#samples.reduce((one, other) => (grown(other) <= grown(one) ? other : one));
    const squares = this.#samples.map(({ offsetNs }) => Number(offsetNs - best.offsetNs) ** 2);
    const residualNs = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
    return {
      offsetNs: best.offsetNs,
      errorNs: grown(best),
      residualNs: BigInt(Math.round(residualNs)),
      roundTripMs: Number(newest.travelNs) / NS_PER_MS,
    };
  }
}
