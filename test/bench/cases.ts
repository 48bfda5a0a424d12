/** What the bench measures: each case with its reference and its goal. */

/** One side of a case in one round. */
export interface Sample {
  readonly case: string;
  readonly side: "ours" | "reference";
  /** In the case's unit. */
  readonly value: number;
}

/** What is wanted of a case. */
export interface Goal {
  /** Of which figure: the ratio of ours to the reference, or ours by itself. */
  readonly of: "ratio" | "ours";
  readonly limit: number;
  readonly better: "higher" | "lower";
}

/** A case: work done by the product, and what it is compared with. */
export interface CaseDescription {
  readonly name: string;
  readonly unit: string;
  readonly referenceName: string;
  /** Missing where nothing is promised. */
  readonly goal?: Goal;
}

const atLeast = (limit: number): Goal => ({ of: "ratio", limit, better: "higher" });
const atMost = (limit: number): Goal => ({ of: "ratio", limit, better: "lower" });
const oursAtMost = (limit: number): Goal => ({ of: "ours", limit, better: "lower" });

const BARE_HOP = "bare hop: utility process → window, postMessage of the same bytes";
const BARE_ROUND_TRIP = "bare chain: window → utility process → Python socket and back, no protocol";

/** All cases, in the order they are printed. */
export const CASES: readonly CaseDescription[] = [
  { name: "host-to-window", unit: "MB/s", referenceName: BARE_HOP, goal: atLeast(0.85) },
  { name: "worker-to-window", unit: "MB/s", referenceName: BARE_HOP, goal: atLeast(0.85) },
  {
    name: "worker-to-window-unread",
    unit: "MB/s",
    referenceName: "the bare hop, in a window that never looks at what it gets",
  },
  {
    name: "worker-to-window-chain",
    unit: "MB/s",
    referenceName: "bare chain: Python socket → utility process → window, no protocol",
    goal: atLeast(0.85),
  },
  {
    name: "peer-file-mapping",
    unit: "MB/s",
    referenceName: "a mapped file of frames, read by main, fetched by ipcRenderer.invoke",
    goal: atLeast(3),
  },
  {
    name: "peer-grpc",
    unit: "MB/s",
    referenceName: "grpcio → grpc-js in main, on to the window over a port",
    goal: atLeast(1.5),
  },
  {
    name: "peer-websocket",
    unit: "MB/s",
    referenceName: "Python websockets → window, compression off",
    goal: atLeast(0.9),
  },
  { name: "peer-json", unit: "MB/s", referenceName: "base64 in JSON lines over a pipe, through main to the window" },
  { name: "round-trip", unit: "µs", referenceName: BARE_ROUND_TRIP, goal: atMost(1.25) },
  { name: "round-trip-p99", unit: "µs", referenceName: BARE_ROUND_TRIP },
  { name: "round-trip-tail", unit: "µs", referenceName: "our own median, of the same calls", goal: atMost(3) },
  { name: "peer-grpc-round-trip", unit: "µs", referenceName: "window → main → grpc-js → grpcio and back" },
  { name: "peer-websocket-round-trip", unit: "µs", referenceName: "window → Python websockets and back" },
  { name: "peer-json-round-trip", unit: "µs", referenceName: "window → main → JSON line → Python and back" },
  {
    name: "stop-under-flood",
    unit: "ms",
    referenceName: "the same without the flood: p99 until the worker's handler runs",
    goal: oursAtMost(5),
  },
  {
    name: "stop-under-flood-answer",
    unit: "ms",
    referenceName: "the same without the flood: p99 until the answer is there",
    goal: oursAtMost(15),
  },
  {
    name: "stop-under-bulk",
    unit: "ms",
    referenceName: "without the flood; ours beside four messages of 1 MiB on their way: until the handler runs",
  },
  { name: "stop-under-bulk-answer", unit: "ms", referenceName: "the same until the answer is there" },
  {
    name: "paused-window",
    unit: "MB/s",
    referenceName: "the same three windows' streams while the fourth rests",
    goal: atLeast(0.95),
  },
  {
    name: "paused-window-memory",
    unit: "MB",
    referenceName: "growth of the host's memory in the same time while the fourth rests",
    goal: oursAtMost(32),
  },
  {
    name: "growth-windows",
    unit: "µs",
    referenceName: "processor time of host and worker for a message, one window at work",
    goal: atMost(1.1),
  },
  {
    name: "growth-windows-rate",
    unit: "MB/s",
    referenceName: "one window at full speed; ours is the sum of eight",
    goal: atLeast(0.9),
  },
  {
    name: "growth-windows-round-trip",
    unit: "µs",
    referenceName: "median of a call beside one window's stream; ours beside eight",
    goal: atMost(1.1),
  },
  {
    name: "growth-messages",
    unit: "µs",
    referenceName: "time for a message of 16 KiB in a stream of a tenth of the length",
    goal: atMost(1.1),
  },
  {
    name: "growth-messages-memory",
    unit: "MB",
    referenceName: "growth of host and worker during the stream of a tenth of the length",
    goal: oursAtMost(8),
  },
];

/** The cases whose names begin with `prefix`; all without one. */
export function chosenCases(prefix: string | undefined): readonly CaseDescription[] {
  return CASES.filter(({ name }) => prefix === undefined || name.startsWith(prefix));
}
