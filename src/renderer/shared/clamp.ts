/** The number of a range that comes nearest to a value; `low` where the range is empty. */
export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
