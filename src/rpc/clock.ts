const NS_PER_MS = 1_000_000;
const SAMPLES_KEPT = 16;

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
  /** How long the ping and its pong travelled, without the time at the peer. */
  readonly roundTripMs: number;
}

/** Offset and error bound between the clocks of both ends, from pings and pongs; the best of the last samples counts. */
export class ClockEstimate {
  readonly #samples: ClockOffset[] = [];
  #best: ClockOffset | undefined;
  #last: ClockOffset | undefined;

  /** The sample with the smallest error; undefined before the first. */
  get best(): ClockOffset | undefined {
    return this.#best;
  }

  /** The newest sample. */
  get last(): ClockOffset | undefined {
    return this.#last;
  }

  /** Adds a ping's journey: sent (ours), received and answered (peer's), arrived (ours). A journey that cannot be is ignored. */
  add(sentNs: bigint, peerReceivedNs: bigint, peerSentNs: bigint, arrivedNs: bigint): void {
    const travelNs = arrivedNs - sentNs - (peerSentNs - peerReceivedNs);
    if (arrivedNs < sentNs || peerSentNs < peerReceivedNs || travelNs < 0n) {
      return;
    }
    const sample = {
      offsetNs: (peerReceivedNs - sentNs + (peerSentNs - arrivedNs)) / 2n,
      errorNs: travelNs / 2n + 1n,
      roundTripMs: Number(travelNs) / NS_PER_MS,
    };
    this.#last = sample;
    this.#samples.push(sample);
    if (this.#samples.length > SAMPLES_KEPT) {
      this.#samples.shift();
    }
    this.#best = this.#samples.reduce((best, other) => (other.errorNs < best.errorNs ? other : best));
  }
}
