/** Reports what this window has counted to a process that serves, because nobody can ask a window. */
import { processTraffic } from "../rpc";
import type { DiagnosticsClient, Instrument, ObservedChannel } from "./instrument";

/** Three missed reports and the receiver forgets this window. */
export const REPORT_EVERY_MS = 5000;

/** What was counted over the channels, as one message. `process`: who this window is. */
export function windowTraffic(process: string, { host, worker, main }: Instrument["channels"]) {
  const channels = [host, worker, main].filter((channel) => channel !== undefined);
  return processTraffic({
    process,
    traffic: channels.flatMap(({ traffic }) => traffic ?? []),
    connections: channels.flatMap((channel) => channel.connectionReport?.() ?? []),
  });
}

/**
 * Reports every few seconds, to the host or in a browser to the worker, while there is a connection, until the returned function is called.
 *
 * @param process - who this window is: "operator window".
 */
export function reportTraffic(process: string, { channels, clients }: Instrument): () => void {
  const to: DiagnosticsClient = clients.diagnostics.host ?? clients.diagnostics.worker;
  const over: ObservedChannel = clients.diagnostics.host && channels.host ? channels.host : channels.worker;
  let timer: unknown;
  const report = async () => {
    try {
      if (over.state.phase === "live") await to.reportTraffic({ process: windowTraffic(process, channels) });
    } catch {
      // The next one comes soon, and a lost channel is told elsewhere.
    }
    if (timer !== undefined) again();
  };
  const again = () => {
    timer = setTimeout(() => void report(), REPORT_EVERY_MS);
  };
  again();
  return () => {
    clearTimeout(timer);
    timer = undefined;
  };
}
