/**
 * What the mirror watches and commands: typed clients of the services, and the two channels they go over.
 */
import type { Client, Transport } from "@connectrpc/connect";
import { AcquisitionService } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { RunService } from "../../gen/ts/macroscope/acquisition/v1/runs_pb";
import { ApplicationService } from "../../gen/ts/macroscope/application/v1/application_pb";
import { CameraService } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { ConfigurationService } from "../../gen/ts/macroscope/configuration/v1/configuration_pb";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { ImagingService } from "../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { MonitoringService } from "../../gen/ts/macroscope/monitoring/v1/monitoring_pb";
import { NotificationService } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import { StimulusService } from "../../gen/ts/macroscope/stimulus/v1/stimulus_pb";
import { WindowService } from "../../gen/ts/macroscope/window/v1/window_pb";
import { WorkflowService } from "../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { createClient } from "../rpc";
import type { ConnectionReport, ProcessCounts } from "../rpc";

/** One client a service. The application's is served by the host, the windows' by main; a browser has neither. The others are served by the worker. */
export interface InstrumentClients {
  readonly camera: Client<typeof CameraService>;
  readonly acquisition: Client<typeof AcquisitionService>;
  readonly monitoring: Client<typeof MonitoringService>;
  readonly configuration: Client<typeof ConfigurationService>;
  readonly workflow: Client<typeof WorkflowService>;
  readonly stimulus: Client<typeof StimulusService>;
  readonly notification: Client<typeof NotificationService>;
  readonly imaging: Client<typeof ImagingService>;
  readonly runs: Client<typeof RunService>;
  readonly application: Client<typeof ApplicationService> | undefined;
  /** Served by main, which a browser does not have. */
  readonly window: Client<typeof WindowService> | undefined;
  /** Every server has it. */
  readonly diagnostics: { readonly host: DiagnosticsClient | undefined; readonly worker: DiagnosticsClient };
}

export type DiagnosticsClient = Client<typeof DiagnosticsService>;

/** Clients over the transports of the three channels, or of the one. */
export function createClients(
  worker: Transport,
  host: Transport | undefined,
  main: Transport | undefined,
): InstrumentClients {
  return {
    camera: createClient(CameraService, worker),
    acquisition: createClient(AcquisitionService, worker),
    monitoring: createClient(MonitoringService, worker),
    configuration: createClient(ConfigurationService, worker),
    workflow: createClient(WorkflowService, worker),
    stimulus: createClient(StimulusService, worker),
    notification: createClient(NotificationService, worker),
    imaging: createClient(ImagingService, worker),
    runs: createClient(RunService, worker),
    window: main && createClient(WindowService, main),
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

/** An instrument as a window has it. In a browser there is no host and no main: the worker's channel is all that is known of the worker. */
export interface Instrument {
  readonly clients: InstrumentClients;
  readonly channels: {
    readonly host: ObservedChannel | undefined;
    readonly worker: ObservedChannel;
    readonly main: ObservedChannel | undefined;
  };
}
