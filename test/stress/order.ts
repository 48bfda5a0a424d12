/** Between the stress test's command, its application and its pages: plain data. */

/** Begins the line in which the application prints what came out. */
export const REPORT_MARK = "macroscope-stress-report:";

/** The environment's name for what the application is to do, as JSON. */
export const ORDER_VARIABLE = "MACROSCOPE_STRESS_ORDER";

export interface StressOrder {
  readonly seconds: number;
  readonly windows: number;
  /** So many of the windows show the live picture. */
  readonly previews: number;
  /** Of all windows together. */
  readonly commandsPerSecond: number;
}

/** What one window is to do. */
export interface WindowOrder {
  readonly durationMs: number;
  readonly commandsPerSecond: number;
  readonly preview: boolean;
}

/** What one window did. */
export interface WindowReport {
  readonly sent: number;
  /** Answers that were the right ones. */
  readonly answered: number;
  /** Commands that ended with an error, or with an answer to something else. */
  readonly failed: number;
  /** What the first of them said. */
  readonly firstFailure: string;
  /** Answers that came after the answer to a later command of the same kind. */
  readonly outOfOrder: number;
  /** The first of them: its kind and number, and the one before it. */
  readonly firstDisorder: string;
  /** Ends that came for a call which had ended, on the wire. */
  readonly endedTwice: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
  /** Kind and number of the one that took longest. */
  readonly slowest: string;
  /** Pictures shown, and those that newer ones replaced. */
  readonly pictures: number;
  readonly skipped: number;
  /** The camera's revision that the mirror had at the end, as text. */
  readonly revision: string;
}

/** What a process used at one moment. */
export interface ProcessSample {
  readonly atMs: number;
  readonly memoryMb: number;
  /** Open files and sockets; missing where the system does not tell. */
  readonly files?: number;
  /** Its garbage had just been collected. */
  readonly collected?: boolean;
}

export interface ProcessReport {
  /** "main", "host", "worker", "window 1". */
  readonly name: string;
  readonly samples: readonly ProcessSample[];
}

export interface StressReport {
  readonly windows: readonly WindowReport[];
  readonly processes: readonly ProcessReport[];
}
