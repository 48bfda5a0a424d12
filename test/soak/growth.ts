/** Whether what was measured again and again grows with time. */

/** A figure at a time. */
export interface Sample {
  readonly minute: number;
  readonly value: number;
}

/** What a figure did in a run. */
export interface Growth {
  readonly first: number;
  readonly last: number;
  readonly most: number;
  /** Of the straight line through all samples (least squares). */
  readonly anHour: number;
}

/**
 * @param samples - In order; those of the first minutes, in which caches fill, are not to be among them.
 * @returns Nothing for fewer than two samples, or all at one time.
 */
export function growthOf(samples: readonly Sample[]): Growth | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last || samples.length < 2) return undefined;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const minutes = mean(samples.map(({ minute }) => minute));
  const values = mean(samples.map(({ value }) => value));
  const spread = samples.reduce((sum, { minute }) => sum + (minute - minutes) ** 2, 0);
  if (spread === 0) return undefined;
  const slope = samples.reduce((sum, { minute, value }) => sum + (minute - minutes) * (value - values), 0) / spread;
  return {
    first: first.value,
    last: last.value,
    most: Math.max(...samples.map(({ value }) => value)),
    anHour: slope * 60,
  };
}
