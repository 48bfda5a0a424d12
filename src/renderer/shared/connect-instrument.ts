/** From a link to the program behind the window to an instrument: two channels over it, and clients over those. */
import { createContextValues } from "@connectrpc/connect";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { createClients } from "../../mirror";
import type { Instrument } from "../../mirror";
import { createChannel, createMultiplexer, newStreamStats, streamCredit, streamStats } from "../../rpc";
import type { Channel, Link, Multiplexer } from "../../rpc";
import type { InstrumentAccess } from "./instrument-context";

/** Two pictures on their way keep a stream flowing, and are little to wait behind. */
const PREVIEW_CREDIT = { messages: 2, bytes: 1_048_576 };

export interface ConnectOptions {
  /** Makes a new link: the first time, and again when that one has closed. A port here, a WebSocket elsewhere. */
  readonly openLink: () => Promise<Link>;
  /** Who this is, for logs: "operator window". */
  readonly label: string;
  /** Name and version of this program. */
  readonly build: string;
  readonly role?: Role;
}

/** An instrument over real channels. Whoever connected closes. */
export interface ConnectedInstrument extends Instrument, InstrumentAccess {
  readonly channels: { readonly host: Channel; readonly worker: Channel };
  close(): void;
}

/** Connects to host and worker over one link; both are dialled at once, and again whenever they are lost. */
export function connectInstrument({
  openLink,
  label,
  build,
  role = Role.OPERATOR,
}: ConnectOptions): ConnectedInstrument {
  let shared: Promise<Multiplexer> | undefined;
  const multiplexer = () => {
    shared ??= openLink().then(
      (link) =>
        createMultiplexer(link, {
          // The next dial makes a new link.
          onClose: () => {
            shared = undefined;
          },
        }),
      (error: unknown) => {
        shared = undefined;
        throw error;
      },
    );
    return shared;
  };
  const channelTo = (target: "host" | "worker") =>
    createChannel({
      dial: async () => (await multiplexer()).open({ target, role, label }),
      label,
      role,
      build,
    });
  const channels = { host: channelTo("host"), worker: channelTo("worker") };
  return {
    channels,
    clients: createClients(channels.worker.transport, channels.host.transport),
    countSkips: () => {
      const stats = newStreamStats();
      const contextValues = createContextValues().set(streamStats, stats).set(streamCredit, PREVIEW_CREDIT);
      return { contextValues, skipped: () => stats.skipped };
    },
    close: () => {
      channels.host.close();
      channels.worker.close();
      void shared?.then((open) => open.close("The window is closed."));
    },
  };
}
