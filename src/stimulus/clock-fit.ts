/**
 * A page's clock against the worker's, fitted over the last minutes: offset and drift.
 *
 * Each measurement says: the worker's clock is ahead by `offsetNs`, at most `errorNs` wrong. A line through many is steadier than the newest one.
 */

/** One measurement, as a channel tells it. */
export interface ClockMeasurement {
  /** The page's clock when it was made. */
  readonly pageNs: bigint;
  /** The worker's reading minus the page's. */
  readonly offsetNs: bigint;
  /** The true offset was no further away than this. */
  readonly errorNs: bigint;
}

/** The fit at one moment: worker = page + offset. */
export interface FittedClock {
  readonly offsetNs: bigint;
  /** Bound of the offset's error. */
  readonly errorNs: bigint;
  /** Root mean square of what the fit leaves, each measurement by its weight in the fit. */
  readonly residualNs: bigint;
}

interface Point {
  readonly atNs: number;
  readonly offsetNs: number;
  readonly errorNs: number;
}

const MOST_POINTS = 64;
const WINDOW_NS = 180e9;
/** Shorter than this, a slope is noise. */
const SHORTEST_SLOPE_NS = 20e9;
const FEWEST_FOR_SLOPE = 5;
/** Two quartz clocks drift apart no faster, as the channel assumes as well. */
const MOST_DRIFT = 50e-6;
/** No measurement is weighted as if it were better than a microsecond. */
const BEST_ERROR_NS = 1000;

/** Fits while measurements come. All in nanoseconds; the clocks themselves may be far apart. */
export class ClockFit {
  /** What all else is relative to, so that doubles are exact enough. */
  #zero: ClockMeasurement | undefined;
  #points: Point[] = [];
  #line = { offsetNs: 0, drift: 0, centreNs: 0 };
  #residualNs = 0;

  /** The worker is another process, or the clocks were set: what was measured before says nothing. */
  restart(): void {
    this.#zero = undefined;
    this.#points = [];
  }

  /** Adds a measurement. One that cannot be true together with those before it starts anew: a clock has jumped. */
  add(measurement: ClockMeasurement): void {
    const expected = this.at(measurement.pageNs);
    if (expected) {
      const apart = distance(expected.offsetNs, measurement.offsetNs);
      if (apart > expected.errorNs + measurement.errorNs) this.restart();
    }
    this.#zero ??= measurement;
    const point = {
      atNs: Number(measurement.pageNs - this.#zero.pageNs),
      offsetNs: Number(measurement.offsetNs - this.#zero.offsetNs),
      errorNs: Number(measurement.errorNs),
    };
    // The channel tells its best sample again and again, with an error that grows: that is one measurement.
    if (this.#points.at(-1)?.offsetNs === point.offsetNs) return;
    this.#points = [...this.#points, point].filter(({ atNs }) => point.atNs - atNs <= WINDOW_NS).slice(-MOST_POINTS);
    this.#fit();
  }

  /** The fit at a time of the page's clock; undefined before the first measurement. */
  at(pageNs: bigint): FittedClock | undefined {
    const zero = this.#zero;
    if (!zero) return undefined;
    const atNs = Number(pageNs - zero.pageNs);
    const offsetNs = this.#offsetAt(atNs);
    // Each measurement bounds the truth by itself; the tightest counts.
    const errors = this.#points.map(
      (point) => Math.abs(offsetNs - point.offsetNs) + point.errorNs + Math.abs(atNs - point.atNs) * MOST_DRIFT,
    );
    return {
      offsetNs: zero.offsetNs + BigInt(Math.round(offsetNs)),
      errorNs: BigInt(Math.ceil(Math.min(...errors))),
      residualNs: BigInt(Math.round(this.#residualNs)),
    };
  }

  #offsetAt(atNs: number): number {
    return this.#line.offsetNs + this.#line.drift * (atNs - this.#line.centreNs);
  }

  #fit(): void {
    const weighted = this.#points.map((point) => ({ ...point, weight: Math.max(point.errorNs, BEST_ERROR_NS) ** -2 }));
    const sum = (value: (point: (typeof weighted)[number]) => number) =>
      weighted.reduce((total, point) => total + point.weight * value(point), 0);
    const whole = sum(() => 1);
    const centreNs = sum(({ atNs }) => atNs) / whole;
    const offsetNs = sum((point) => point.offsetNs) / whole;
    const spread = sum(({ atNs }) => (atNs - centreNs) ** 2);
    const slope = spread > 0 ? sum((point) => (point.atNs - centreNs) * (point.offsetNs - offsetNs)) / spread : 0;
    const spanNs = (this.#points.at(-1)?.atNs ?? 0) - (this.#points[0]?.atNs ?? 0);
    const sloped = this.#points.length >= FEWEST_FOR_SLOPE && spanNs >= SHORTEST_SLOPE_NS;
    this.#line = { offsetNs, centreNs, drift: sloped ? Math.min(MOST_DRIFT, Math.max(-MOST_DRIFT, slope)) : 0 };
    // By the same weights: one journey that took a second says little about the others.
    this.#residualNs = Math.sqrt(sum((point) => (point.offsetNs - this.#offsetAt(point.atNs)) ** 2) / whole);
  }
}

function distance(one: bigint, other: bigint): bigint {
  return one > other ? one - other : other - one;
}
