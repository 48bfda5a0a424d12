/**
 * What the mirror watches and commands: typed clients of the services, and the two channels they go over.
 */
import type { Client, Transport } from "@connectrpc/connect";
import { AcquisitionService } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { ApplicationService } from "../../gen/ts/macroscope/application/v1/application_pb";
import { CameraService } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { MonitoringService } from "../../gen/ts/macroscope/monitoring/v1/monitoring_pb";
import { createClient } from "../rpc";

/** One client a service. The application's is served by the host, the others by the worker. */
export interface InstrumentClients {
  readonly camera: Client<typeof CameraService>;
  readonly acquisition: Client<typeof AcquisitionService>;
  readonly monitoring: Client<typeof MonitoringService>;
  readonly application: Client<typeof ApplicationService>;
}

/** Clients over the transports of the two channels. */
export function createClients(worker: Transport, host: Transport): InstrumentClients {
  return {
    camera: createClient(CameraService, worker),
    acquisition: createClient(AcquisitionService, worker),
    monitoring: createClient(MonitoringService, worker),
    application: createClient(ApplicationService, host),
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
}

/** The part of a channel that the mirror needs: its state, and word of every change. */
export interface ObservedChannel {
  readonly state: ObservedChannelState;
  /** Returns the function that ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** Dials now instead of after the pause. */
  redial(): void;
}

/** An instrument as a window has it. */
export interface Instrument {
  readonly clients: InstrumentClients;
  readonly channels: { readonly host: ObservedChannel; readonly worker: ObservedChannel };
}
