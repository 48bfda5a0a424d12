/** Between the command, the small application that draws on both threads, and its page. */
import type { FlipSummary } from "./summary";

/** Begins the line in which the application prints its rows. */
export const ROWS_MARK = "macroscope-flips-rows:";

/** The environment's name for how long each row is measured, in seconds. */
export const SECONDS_VARIABLE = "MACROSCOPE_FLIPS_SECONDS";

/** What else goes on: nothing, 30 ms of every 100 on the page's thread, or a computation on each of two cores. */
export const LOADS = ["none", "page", "cores"] as const;

/** The stimulus drawn on one thread. */
export interface ThreadRow {
  readonly thread: "page" | "worker";
  readonly load: (typeof LOADS)[number];
  readonly renderer: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly summary: FlipSummary;
}
