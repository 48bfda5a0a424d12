/**
 * How regularly a display flips: its refresh, the jitter about it, and the refreshes at which nothing new was shown.
 *
 * The refresh is measured from the flips themselves, since systems round it (59.94 Hz is called 60) or know it wrong.
 */

/** Of the last seconds, except where said. */
export interface FlipTimingFigures {
  /** 0: too few flips. */
  readonly refreshRateHz: number;
  /** Standard deviation of the time between flips, missed refreshes aside. */
  readonly jitterMs: number;
  /** The longest time between two flips. */
  readonly longestMs: number;
  /** Since the start. */
  readonly flips: number;
  readonly missedRefreshes: number;
}

const WINDOW_MS = 5000;
/** The refresh is measured anew after so many flips. */
const MEASURE_EVERY = 16;
const FEWEST_INTERVALS = 8;
/** A pause longer than this is a freeze: it says nothing about the refresh. */
const LONGEST_REFRESHES = 8;
/** An interval further than this from whole refreshes is not measured with. */
const FIT_WITHIN = 0.25;
/** What the system says is believed where the measured refresh is as close to it. */
const NOMINAL_WITHIN = 0.1;
const NOMINAL_RATE_HZ = 60;

/** Follows the flips of one display. Times are the stamps of frames, in milliseconds. */
export class FlipTiming {
  #intervals: number[] = [];
  #spanMs = 0;
  #lastMs: number | undefined;
  #untilMeasured = 0;
  #measuredMs: number | undefined;
  #nominalMs: number | undefined;
  #flips = 0;
  #missed = 0;

  /** What the system says of the display; undefined when it says nothing. Tells a display that is drawn at half its rate from a slow one. */
  setNominalRate(rateHz: number | undefined): void {
    const nominalMs = rateHz !== undefined && rateHz > 0 ? 1000 / rateHz : undefined;
    if (nominalMs === this.#nominalMs) return;
    this.#nominalMs = nominalMs;
    this.#untilMeasured = 0;
  }

  /** The best that is known of one refresh. */
  get refreshMs(): number {
    return this.#measuredMs ?? this.#nominalMs ?? 1000 / NOMINAL_RATE_HZ;
  }

  /** Notes a flip; answers how many refreshes it came late by. A stamp that is not after the one before it is no interval. */
  note(stampMs: number): number {
    this.#flips += 1;
    const before = this.#lastMs;
    if (before !== undefined && stampMs <= before) return 0;
    this.#lastMs = stampMs;
    if (before === undefined) return 0;
    this.#keep(stampMs - before);
    const known = this.#measuredMs ?? this.#nominalMs;
    const missed = known === undefined ? 0 : refreshesIn(stampMs - before, known) - 1;
    this.#missed += missed;
    return missed;
  }

  /** The next flip follows a rest on purpose: the time since the last one is no interval. */
  rest(): void {
    this.#lastMs = undefined;
  }

  figures(): FlipTimingFigures {
    const refreshMs = this.#measuredMs;
    return {
      refreshRateHz: refreshMs === undefined ? 0 : 1000 / refreshMs,
      jitterMs: refreshMs === undefined ? 0 : jitterOf(this.#intervals, refreshMs),
      longestMs: this.#intervals.reduce((longest, interval) => Math.max(longest, interval), 0),
      flips: this.#flips,
      missedRefreshes: this.#missed,
    };
  }

  #keep(intervalMs: number): void {
    this.#intervals.push(intervalMs);
    this.#spanMs += intervalMs;
    while (this.#spanMs > WINDOW_MS && this.#intervals.length > FEWEST_INTERVALS) {
      this.#spanMs -= this.#intervals.shift() ?? 0;
    }
    this.#untilMeasured -= 1;
    if (this.#untilMeasured > 0 || this.#intervals.length < FEWEST_INTERVALS) return;
    this.#untilMeasured = MEASURE_EVERY;
    this.#measuredMs = measureRefresh(this.#intervals, this.#nominalMs) ?? this.#measuredMs;
  }
}

/** The refresh that these intervals are whole numbers of; undefined when they say nothing. */
export function measureRefresh(intervalsMs: readonly number[], nominalMs: number | undefined): number | undefined {
  if (nominalMs !== undefined) {
    // Frames that come once in a long while say nothing of the display, and must not be taken for its refreshes.
    const near = intervalsMs.filter((interval) => refreshesIn(interval, nominalMs) <= LONGEST_REFRESHES);
    if (near.length * 2 < intervalsMs.length) return undefined;
    const byNominal = fitRefresh(intervalsMs, nominalMs);
    if (byNominal !== undefined && Math.abs(byNominal / nominalMs - 1) < NOMINAL_WITHIN) return byNominal;
  }
  // Without a rate to believe, the shortest intervals that are no chance are one refresh long.
  const sorted = intervalsMs.toSorted((one, other) => one - other);
  const short = sorted[Math.floor(sorted.length / 10)];
  return short === undefined ? undefined : fitRefresh(intervalsMs, short);
}

/** Averages over the intervals that are near whole refreshes of about this length; undefined when fewer than half of them are. */
function fitRefresh(intervalsMs: readonly number[], aboutMs: number): number | undefined {
  let refreshMs = aboutMs;
  for (let round = 0; round < 3; round++) {
    let spanMs = 0;
    let refreshes = 0;
    let used = 0;
    for (const interval of intervalsMs) {
      const whole = refreshesIn(interval, refreshMs);
      // The guess may be far off, and then one refresh is all that can be told; what is measured with in the end is near whole ones.
      const fits = Math.abs(interval / refreshMs - whole) <= FIT_WITHIN || (round === 0 && whole === 1);
      if (whole > LONGEST_REFRESHES || !fits) continue;
      spanMs += interval;
      refreshes += whole;
      used += 1;
    }
    if (used * 2 < intervalsMs.length) return undefined;
    refreshMs = spanMs / refreshes;
  }
  return refreshMs;
}

function jitterOf(intervalsMs: readonly number[], refreshMs: number): number {
  const off = intervalsMs
    .map((interval) => ({ interval, whole: refreshesIn(interval, refreshMs) }))
    .filter(({ whole }) => whole <= LONGEST_REFRESHES)
    .map(({ interval, whole }) => interval - whole * refreshMs);
  if (off.length === 0) return 0;
  return Math.sqrt(off.reduce((sum, one) => sum + one * one, 0) / off.length);
}

function refreshesIn(intervalMs: number, refreshMs: number): number {
  return Math.max(1, Math.round(intervalMs / refreshMs));
}
