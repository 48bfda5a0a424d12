/** How the channels stand: to the host, and through it to the worker; in a browser only to the worker. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { ChannelPhase, ObservedChannelState } from "./instrument";

/** A channel as plain state. */
export interface ChannelMirror {
  readonly phase: ChannelPhase;
  readonly attempt: number;
  readonly reason: string | null;
  readonly roundTripMs: number | null;
  /** The server's clock against ours; null before it is measured. */
  readonly clock: { readonly offsetMs: number; readonly errorMs: number } | null;
  readonly server: {
    readonly build: string;
    readonly session: string;
    /** Decimal: a 64-bit number. */
    readonly epoch: string;
    readonly schemaDigest: string;
    readonly schemaDiffers: boolean;
    readonly role: number;
  } | null;
  /** Wall clock when it came into this phase, milliseconds; 0 before anything was heard. */
  readonly sinceMs: number;
}

/** Which of the two channels. */
export type ChannelName = "host" | "worker";

export interface ConnectionState {
  /** Null where there is none. */
  readonly host: ChannelMirror | null;
  readonly worker: ChannelMirror;
}

const NS_PER_MS = 1e6;

const UNHEARD: ChannelMirror = {
  phase: "connecting",
  attempt: 0,
  reason: null,
  roundTripMs: null,
  clock: null,
  server: null,
  sinceMs: 0,
};

const initialState: ConnectionState = { host: UNHEARD, worker: UNHEARD };

/** A channel's state without what a store cannot hold. */
export function plainChannel(state: ObservedChannelState): Omit<ChannelMirror, "sinceMs"> {
  return {
    phase: state.phase,
    attempt: state.attempt,
    reason: state.reason ?? null,
    roundTripMs: state.roundTripMs ?? null,
    clock: state.clock
      ? { offsetMs: Number(state.clock.offsetNs) / NS_PER_MS, errorMs: Number(state.clock.errorNs) / NS_PER_MS }
      : null,
    server: state.server
      ? {
          build: state.server.build,
          session: state.server.session,
          epoch: state.server.epoch.toString(),
          schemaDigest: state.server.schemaDigest,
          schemaDiffers: state.server.schemaDiffers,
          role: state.server.role,
        }
      : null,
  };
}

const slice = createSlice({
  name: "connection",
  initialState,
  reducers: {
    channelChanged: (
      state,
      action: PayloadAction<{ name: ChannelName; channel: Omit<ChannelMirror, "sinceMs">; atMs: number }>,
    ) => {
      const { name, channel, atMs } = action.payload;
      const before = state[name] ?? UNHEARD;
      const sinceMs = before.phase === channel.phase && before.sinceMs > 0 ? before.sinceMs : atMs;
      state[name] = { ...channel, sinceMs };
    },
    hostAbsent: (state) => {
      state.host = null;
    },
  },
});

export const { channelChanged, hostAbsent } = slice.actions;
export const connectionReducer = slice.reducer;
