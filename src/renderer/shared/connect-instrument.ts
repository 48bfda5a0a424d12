/** From a link to an instrument: channels over it, and clients over those. */
import { createContextValues } from "@connectrpc/connect";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { createClients, reportTraffic } from "../../mirror";
import type { Instrument } from "../../mirror";
import { createChannel, newStreamStats, streamCredit, streamStats } from "../../rpc";
import type { CallListener, Channel, Clock, Link } from "../../rpc";
import type { InstrumentAccess } from "./instrument-context";
import { SharedLink } from "./shared-link";
import { windowCallLog } from "./window-call-log";

/** Two pictures on their way keep a stream flowing, and are little to wait behind. */
const PREVIEW_CREDIT = { messages: 2, bytes: 1_048_576 };

export interface ConnectOptions {
  /** Makes a new link: the first time, and again when that one has closed. A port in the application, a WebSocket in a browser. */
  readonly openLink: () => Promise<Link>;
  /** Who this is, for logs: "operator window". */
  readonly label: string;
  /** Name and version of this program. */
  readonly build: string;
  readonly role?: Role;
  readonly clock?: Clock;
}

/** An instrument over real channels; `Host` is undefined in a browser, which has neither host nor main. Whoever connected closes. */
export interface ConnectedInstrument<Host extends Channel | undefined = Channel> extends Instrument, InstrumentAccess {
  readonly channels: { readonly host: Host; readonly worker: Channel; readonly main: Host };
  close(): void;
}

/** Connects to a host, and through it to its worker and to main, over one link; all are dialled at once, and again whenever they are lost. */
export function connectInstrument(options: ConnectOptions): ConnectedInstrument {
  const link = new SharedLink(options.openLink, options.clock);
  const { onCall } = windowCallLog();
  const channels = {
    host: channelTo("host", link, options, onCall),
    worker: channelTo("worker", link, options, onCall),
    main: channelTo("main", link, options, onCall),
  };
  return instrumentOver(channels, link, options.label);
}

/** Connects to a worker itself, at the other end of a link; it is dialled at once, and again whenever it is lost. */
export function connectWorker(options: ConnectOptions): ConnectedInstrument<undefined> {
  const link = new SharedLink(options.openLink, options.clock);
  const worker = channelTo("", link, options, windowCallLog().onCall);
  return instrumentOver({ host: undefined, worker, main: undefined }, link, options.label);
}

function channelTo(
  target: string,
  link: SharedLink,
  { label, build, role = Role.OPERATOR, clock }: ConnectOptions,
  onCall: CallListener,
): Channel {
  return createChannel({ dial: () => link.connect({ target, role, label }), label, role, build, clock, onCall });
}

function instrumentOver<Host extends Channel | undefined>(
  channels: { readonly host: Host; readonly worker: Channel; readonly main: Host },
  link: SharedLink,
  label: string,
): ConnectedInstrument<Host> {
  const clients = createClients(channels.worker.transport, channels.host?.transport, channels.main?.transport);
  const stopReports = reportTraffic(label, { channels, clients });
  return {
    channels,
    clients,
    countSkips: () => {
      const stats = newStreamStats();
      const contextValues = createContextValues().set(streamStats, stats).set(streamCredit, PREVIEW_CREDIT);
      return { contextValues, skipped: () => stats.skipped };
    },
    close: () => {
      stopReports();
      channels.host?.close();
      channels.worker.close();
      channels.main?.close();
      link.close("The window is closed.");
    },
  };
}
