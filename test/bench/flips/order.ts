/** Between the command, the small application that draws on both threads, and its page. */
import type { FlipSummary } from "./summary";

/** Begins the line in which the application prints its rows. */
export const ROWS_MARK = "macroscope-flips-rows:";

/** The environment's name for how long each row is measured, in seconds. */
export const SECONDS_VARIABLE = "MACROSCOPE_FLIPS_SECONDS";

/** The stimulus drawn on one thread. */
export interface ThreadRow {
  readonly thread: "page" | "worker";
  /** The page's thread computes 30 ms of every 100. */
  readonly pageBusy: boolean;
  readonly renderer: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly summary: FlipSummary;
}
