/** What a display has presented, kept until the worker has it. */
import type { FittedClock } from "./clock-fit";

/** One frame on the glass. */
export interface Flip {
  /** The page's own clock, from its start: the raw stamp. */
  readonly stampNs: bigint;
  /** The page's clock when it is estimated to be on the glass. */
  readonly glassNs: bigint;
  readonly sceneNumber: bigint;
  /** Of the run's sweep, plus 1; 0: grey or a test. */
  readonly showing: number;
  /** The contract's number; 0: grey. */
  readonly direction: number;
  /** Where the bar's middle was drawn; 0 when grey. */
  readonly angleDeg: number;
  /** Refreshes of the display that it came late by. */
  readonly missedRefreshes: number;
  /** The photodiode's square was bright. */
  readonly squareBright: boolean;
}

/** Flips in a row of one direction, as columns of one length; the names are the contract's. */
export interface FlipColumns {
  /** Counted from 0 over the life of the attachment. */
  readonly firstIndex: bigint;
  /** Worker's clock. */
  readonly presentedNs: bigint[];
  readonly pageNs: bigint[];
  readonly sceneNumber: bigint[];
  readonly showing: number[];
  readonly angleDeg: number[];
  readonly missedRefreshes: number[];
  readonly squareBright: boolean[];
  readonly direction: number;
  readonly clock: FittedClock;
}

/** The contract takes no more at once. */
export const MOST_IN_A_BATCH = 2000;

/** Flips of one attachment, in order, numbered without gaps; bounded, because the worker may be away for long. */
export class FlipLog {
  readonly #mostKept: number;
  #kept: Flip[] = [];
  /** Number of the first that is kept. */
  #firstIndex = 0;
  #lost = 0;

  /** @param mostKept - when there are more, the oldest are given up; their numbers stay unused. */
  constructor(mostKept: number) {
    this.#mostKept = mostKept;
  }

  /** Flips that the worker does not have yet. */
  get waiting(): number {
    return this.#kept.length;
  }

  /** Flips that were given up since the last start. */
  get lost(): number {
    return this.#lost;
  }

  add(flip: Flip): void {
    this.#kept.push(flip);
    const over = this.#kept.length - this.#mostKept;
    if (over <= 0) return;
    this.#kept.splice(0, over);
    this.#firstIndex += over;
    this.#lost += over;
  }

  /** The next batch, oldest first, with its times on the worker's clock; undefined when nothing waits. It stays kept until it is acknowledged or given up. */
  batch(clock: FittedClock, most = MOST_IN_A_BATCH): FlipColumns | undefined {
    const first = this.#kept[0];
    if (!first) return undefined;
    const end = this.#kept.findIndex((flip) => flip.direction !== first.direction);
    const flips = this.#kept.slice(0, Math.min(end < 0 ? this.#kept.length : end, most));
    return {
      firstIndex: BigInt(this.#firstIndex),
      presentedNs: flips.map(({ glassNs }) => glassNs + clock.offsetNs),
      pageNs: flips.map(({ stampNs }) => stampNs),
      sceneNumber: flips.map(({ sceneNumber }) => sceneNumber),
      showing: flips.map(({ showing }) => showing),
      angleDeg: flips.map(({ angleDeg }) => angleDeg),
      missedRefreshes: flips.map(({ missedRefreshes }) => missedRefreshes),
      squareBright: flips.map(({ squareBright }) => squareBright),
      direction: first.direction,
      clock,
    };
  }

  /** The worker has all flips before this number. */
  acknowledge(nextIndex: bigint): void {
    this.#drop(nextIndex);
  }

  /** The worker will never have the flips before this number. */
  giveUp(nextIndex: bigint): void {
    this.#lost += this.#drop(nextIndex);
  }

  /** Another attachment begins: what waits belongs to nobody, and numbers start at 0. */
  restart(): void {
    this.#kept = [];
    this.#firstIndex = 0;
    this.#lost = 0;
  }

  #drop(nextIndex: bigint): number {
    const had = Math.min(this.#kept.length, Math.max(0, Number(nextIndex) - this.#firstIndex));
    this.#kept.splice(0, had);
    this.#firstIndex += had;
    return had;
  }
}
