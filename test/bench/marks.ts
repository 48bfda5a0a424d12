/** Begins the line in which the bench's application prints its samples. */
export const RESULT_MARK = "macroscope-bench-samples:";
