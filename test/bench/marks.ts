/** Between the bench's command and its application. */

/** Begins the line in which the application prints its samples. */
export const RESULT_MARK = "macroscope-bench-samples:";

/** The environment's name for what the application is to do, as JSON. */
export const ORDER_VARIABLE = "MACROSCOPE_BENCH_ORDER";

export interface BenchOrder {
  /** Names of the cases to measure. */
  readonly cases: readonly string[];
  /** The Python that has the peers' packages. */
  readonly peerPython: string;
}
