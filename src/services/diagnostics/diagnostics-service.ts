import { create } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import {
  EchoResponseSchema,
  FloodResponseSchema,
  GetTrafficResponseSchema,
  type ProcessTraffic,
  ProcessTrafficSchema,
  ProbeStopResponseSchema,
  ReportTrafficResponseSchema,
} from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import type { DiagnosticsService } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { TrafficReports } from "./traffic-reports";

/** What a handler may know of whose call it answers. */
interface CallPeer {
  readonly label: string;
  /** Settles when the connection has ended. */
  readonly closed: Promise<unknown>;
}

export interface DiagnosticsOptions {
  /** This process's counts as of now; without it there are none. */
  readonly own?: () => ProcessTraffic;
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number;
}

/** The schema lets nobody ask for more. */
const MOST_FLOOD_BYTES = 8_388_608;

/** Whose call it is when nobody says. */
const nobody: CallPeer = { label: "", closed: new Promise(() => undefined) };

const nothing = () => create(ProcessTrafficSchema, { process: "server" });

/** Serves `DiagnosticsService`: what travels, counted; and traffic without meaning, to measure and to test a link with. */
export function diagnosticsService({
  own = nothing,
  nowMs = () => performance.now(),
}: DiagnosticsOptions = {}): ServiceImpl<typeof DiagnosticsService> {
  const reports = new TrafficReports(nowMs);
  const watched = new WeakSet<CallPeer>();
  let block: Uint8Array | undefined;
  return {
    echo: ({ payload }) => create(EchoResponseSchema, { payload }),

    async *flood({ messageBytes, messages }, { signal }) {
      // One block for all: making it is not what is measured, and many floods that nobody reads hold no more memory than one.
      block ??= new Uint8Array(MOST_FLOOD_BYTES);
      const piece = block.subarray(0, messageBytes);
      for (let index = 0; index < messages && !signal.aborted; index++) {
        yield create(FloodResponseSchema, { index, block: piece });
      }
    },

    probeStop: () => create(ProbeStopResponseSchema, { handledNs: BigInt(Math.round(performance.now() * 1e6)) }),

    getTraffic: () => create(GetTrafficResponseSchema, { processes: [own(), ...reports.newest()] }),

    reportTraffic: ({ process }, context: HandlerContext & { readonly peer?: CallPeer }) => {
      const { peer = nobody } = context;
      if (process) reports.put(peer, peer.label, process);
      if (!watched.has(peer)) {
        // Once a connection: a listener for each report would keep each report.
        watched.add(peer);
        void peer.closed.then(() => {
          reports.forget(peer);
        });
      }
      return create(ReportTrafficResponseSchema);
    },
  };
}
