/** How the pauses between attempts grow. */
export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
  /** From 0 to 1; by default Math.random. */
  readonly random?: () => number;
}

const DEFAULT: BackOff = { firstMs: 100, longestMs: 5_000 };

/** The pause after this many attempts: doubled each time, and between half and all of it by chance, so that many clients do not come at once. */
export function backOffDelayMs(
  attempt: number,
  { firstMs, longestMs, random = Math.random }: BackOff = DEFAULT,
): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.max(0, attempt - 1));
  return full * (0.5 + random() / 2);
}
