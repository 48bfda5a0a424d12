/** What a display's flips come to. */
import { percentile } from "../statistics";

/** One flip, as a page has it. */
export interface FlipSample {
  readonly stampMs: number;
  /** Refreshes that it came late by. */
  readonly missed: number;
}

export interface FlipSummary {
  readonly flips: number;
  readonly seconds: number;
  /** Frames that were presented a second. */
  readonly presentedHz: number;
  /** Of the display, by the flips: presented and missed ones. */
  readonly refreshHz: number;
  /** Standard deviation of the time between flips from whole refreshes. */
  readonly jitterMs: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  readonly missedPerMinute: number;
}

/** Of rounds of flips in order; what lies between two rounds is not counted. One of them has two flips at least. */
export function summariseFlips(rounds: readonly (readonly FlipSample[])[]): FlipSummary {
  const intervals = rounds.flatMap((samples) =>
    samples.slice(1).map(({ stampMs, missed }, index) => ({
      ms: stampMs - (samples[index]?.stampMs ?? stampMs),
      refreshes: missed + 1,
    })),
  );
  const spanMs = intervals.reduce((sum, { ms }) => sum + ms, 0);
  const refreshes = intervals.reduce((sum, interval) => sum + interval.refreshes, 0);
  const refreshMs = spanMs / refreshes;
  const off = intervals.map((interval) => (interval.ms - interval.refreshes * refreshMs) ** 2);
  const lengths = intervals.map(({ ms }) => ms);
  return {
    flips: rounds.reduce((sum, samples) => sum + samples.length, 0),
    seconds: spanMs / 1000,
    presentedHz: (intervals.length * 1000) / spanMs,
    refreshHz: 1000 / refreshMs,
    jitterMs: Math.sqrt(off.reduce((sum, one) => sum + one, 0) / off.length),
    p99Ms: percentile(lengths, 0.99),
    longestMs: Math.max(...lengths),
    missedPerMinute: ((refreshes - intervals.length) * 60_000) / spanMs,
  };
}

/** The cells of a row, as the tables in the documentation have them. */
export function cellsOf(summary: FlipSummary): string[] {
  return [
    summary.presentedHz.toFixed(1),
    summary.refreshHz.toFixed(2),
    summary.jitterMs.toFixed(2),
    summary.p99Ms.toFixed(1),
    summary.longestMs.toFixed(0),
    summary.missedPerMinute.toFixed(0),
  ];
}

export const SUMMARY_HEADS = [
  "presented, Hz",
  "refresh, Hz",
  "jitter, ms",
  "p99, ms",
  "longest, ms",
  "missed a minute",
] as const;
