/** What a process has counted, from plain reports to the message that travels. */
import { create } from "@bufbuild/protobuf";
import { CallSide, ProcessTrafficSchema } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import type { ProcessTraffic } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import type { ConnectionReport } from "./connection-report";
import type { Receiver } from "./receivers";
import type { CallSide as Side, MethodCounts } from "./traffic";

/** Of each list, as the schema limits them. */
const MOST_ITEMS = 1000;
const MAX_LABEL = 120;

const SIDES: Readonly<Record<Side, CallSide>> = { client: CallSide.CLIENT, server: CallSide.SERVER };

/** Counts as a server or a channel gives them. */
export interface TrafficCounts {
  readonly countedMs: number;
  snapshot(): readonly MethodCounts[];
}

/** All that one process tells of itself. */
export interface ProcessCounts {
  /** "host", "operator window 1". */
  readonly process: string;
  /** One for each server and channel. */
  readonly traffic: readonly TrafficCounts[];
  readonly connections: readonly ConnectionReport[];
  readonly receivers?: readonly Receiver[];
}

/** The message. A method that is called over several channels stands there once for each. */
export function processTraffic({ process, traffic, connections, receivers = [] }: ProcessCounts): ProcessTraffic {
  return create(ProcessTrafficSchema, {
    process: process.slice(0, MAX_LABEL),
    countedS: Math.max(0, ...traffic.map(({ countedMs }) => countedMs)) / 1000,
    methods: traffic
      .flatMap((counts) => counts.snapshot())
      .slice(0, MOST_ITEMS)
      .map(method),
    connections: connections.slice(0, MOST_ITEMS).map(connection),
    receivers: receivers.slice(0, MOST_ITEMS).map((receiver) => ({ ...receiver, skipped: BigInt(receiver.skipped) })),
  });
}

function method({ side, calls, openCalls, errors, skipped, latency, ...counts }: MethodCounts) {
  return {
    method: counts.method,
    side: SIDES[side],
    calls: BigInt(calls),
    openCalls: BigInt(openCalls),
    errors: errors.map((error) => ({ code: error.code, calls: BigInt(error.calls) })),
    messagesSent: BigInt(counts.messagesSent),
    messagesReceived: BigInt(counts.messagesReceived),
    bytesSent: BigInt(counts.bytesSent),
    bytesReceived: BigInt(counts.bytesReceived),
    skipped: BigInt(skipped),
    latency: { ...latency, count: BigInt(latency.count) },
  };
}

function connection({ label, build, side, role, state, openCalls, silenceMs, clock, ...report }: ConnectionReport) {
  return {
    label,
    build,
    side: SIDES[side],
    role,
    state,
    connectedS: report.connectedMs / 1000,
    openCalls,
    bytesInFlight: BigInt(report.bytesInFlight),
    silenceMs,
    ...(clock && { clock: { ...clock } }),
  };
}
