/** What processes have counted, poll after poll: what changes a second, and how that went over the last minute. */
import type { MethodTraffic, ProcessTraffic } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import type { Plain } from "./from-proto";

/** How far back the rates are remembered. */
export const KEPT_SECONDS = 60;

/** A method's counts, with what changes a second. */
export type MethodView = Plain<MethodTraffic> & {
  readonly key: string;
  readonly callsPerS: number;
  readonly messagesPerS: number;
  readonly bytesPerS: number;
  /** Bytes a second in each of the last seconds, the newest last. */
  readonly recentBytesPerS: readonly number[];
};

export type ProcessView = Omit<Plain<ProcessTraffic>, "methods"> & { readonly methods: readonly MethodView[] };

/** Which process was asked; its answer tells of others too. */
export type TrafficSource = "host" | "worker";

export type TrafficHistory = Readonly<Record<TrafficSource, readonly ProcessView[]>>;

export const NO_TRAFFIC: TrafficHistory = { host: [], worker: [] };

/** The history with a newer answer. A process that is not in it any more is gone. */
export function addTraffic(
  history: TrafficHistory,
  source: TrafficSource,
  processes: readonly Plain<ProcessTraffic>[],
): TrafficHistory {
  const before = new Map(history[source].map((process) => [process.process, process]));
  return { ...history, [source]: processes.map((process) => viewed(process, before.get(process.process))) };
}

function viewed(process: Plain<ProcessTraffic>, before: ProcessView | undefined): ProcessView {
  // Its own clock says how far apart the counts are: a report may be seconds old, and be told again unchanged.
  const seconds = before ? process.countedS - before.countedS : 0;
  if (before && seconds === 0) return before;
  const known = new Map(before?.methods.map((method) => [method.key, method]));
  const seen = new Map<string, number>();
  const methods = process.methods.map((method) => {
    const name = `${method.side} ${method.method}`;
    const ordinal = seen.get(name) ?? 0;
    seen.set(name, ordinal + 1);
    const key = `${name} ${ordinal}`;
    // Less time than before: it is another process of the same name.
    return withRates(method, key, seconds > 0 ? known.get(key) : undefined, seconds);
  });
  return { ...process, methods };
}

function withRates(
  method: Plain<MethodTraffic>,
  key: string,
  before: MethodView | undefined,
  seconds: number,
): MethodView {
  const perS = (now: number, then: number) => Math.max(0, now - then) / seconds;
  const bytesPerS = before ? perS(bytesOf(method), bytesOf(before)) : 0;
  return {
    ...method,
    key,
    callsPerS: before ? perS(method.calls, before.calls) : 0,
    messagesPerS: before ? perS(messagesOf(method), messagesOf(before)) : 0,
    bytesPerS,
    recentBytesPerS: before ? [...before.recentBytesPerS, ...lasting(bytesPerS, seconds)].slice(-KEPT_SECONDS) : [],
  };
}

/** A rate for each second that it is of: the worker is asked every second, a window reports every few. */
function lasting(rate: number, seconds: number): number[] {
  return new Array<number>(Math.min(KEPT_SECONDS, Math.max(1, Math.round(seconds)))).fill(rate);
}

function bytesOf({ bytesSent, bytesReceived }: Plain<MethodTraffic>): number {
  return bytesSent + bytesReceived;
}

function messagesOf({ messagesSent, messagesReceived }: Plain<MethodTraffic>): number {
  return messagesSent + messagesReceived;
}
