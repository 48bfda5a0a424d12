/**
 * What the mirror watches and commands: typed clients of the services, and the two channels they go over.
 */
import type { Client, Transport } from "@connectrpc/connect";
import { AcquisitionService } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { ApplicationService } from "../../gen/ts/macroscope/application/v1/application_pb";
import { CameraService } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { MonitoringService } from "../../gen/ts/macroscope/monitoring/v1/monitoring_pb";
import { createClient } from "../rpc";
import type { ConnectionReport, ProcessCounts } from "../rpc";

/** One client a service. The application's is served by the host, which a browser does not have; the others by the worker. */
export interface InstrumentClients {
  readonly camera: Client<typeof CameraService>;
  readonly acquisition: Client<typeof AcquisitionService>;
  readonly monitoring: Client<typeof MonitoringService>;
  readonly application: Client<typeof ApplicationService> | undefined;
  /** Every server has it. */
  readonly diagnostics: { readonly host: DiagnosticsClient | undefined; readonly worker: DiagnosticsClient };
}

export type DiagnosticsClient = Client<typeof DiagnosticsService>;

/** Clients over the transports of the two channels, or of the one. */
export function createClients(worker: Transport, host: Transport | undefined): InstrumentClients {
  return {
    camera: createClient(CameraService, worker),
    acquisition: createClient(AcquisitionService, worker),
    monitoring: createClient(MonitoringService, worker),
    application: host && createClient(ApplicationService, host),
    diagnostics: {
      host: host && createClient(DiagnosticsService, host),
      worker: createClient(DiagnosticsService, worker),
    },
  };
}

/** How a channel stands. */
export type ChannelPhase = "connecting" | "live" | "stale" | "lost" | "refused";

/** The part of a channel's state that the mirror keeps. */
export interface ObservedChannelState {
  readonly phase: ChannelPhase;
  /** Attempts since it was last live. */
  readonly attempt: number;
  readonly reason?: string | undefined;
  readonly server?:
    | {
        readonly build: string;
        readonly session: string;
        readonly epoch: bigint;
        readonly schemaDigest: string;
        readonly schemaDiffers: boolean;
        readonly role: number;
      }
    | undefined;
  readonly roundTripMs?: number | undefined;
  /** The server's clock against ours. */
  readonly clock?: { readonly offsetNs: bigint; readonly errorNs: bigint } | undefined;
}

/** The part of a channel that the mirror needs: its state, and word of every change. */
export interface ObservedChannel {
  readonly state: ObservedChannelState;
  /** Returns the function that ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** Dials now instead of after the pause. */
  redial(): void;
  /** What was counted of the calls over it; a channel without it has nothing to report. */
  readonly traffic?: ProcessCounts["traffic"][number];
  /** The present connection; undefined when there is none. */
  connectionReport?(): ConnectionReport | undefined;
}

/** An instrument as a window has it. In a browser there is no host: the worker's channel is all that is known of the worker. */
export interface Instrument {
  readonly clients: InstrumentClients;
  readonly channels: { readonly host: ObservedChannel | undefined; readonly worker: ObservedChannel };
}
