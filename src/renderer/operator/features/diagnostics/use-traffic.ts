/** What host and worker have counted, asked for once a second while somebody looks. */
import { ConnectError } from "@connectrpc/connect";
import { useEffect, useState } from "react";
import { addTraffic, NO_TRAFFIC, toPlain } from "../../../../mirror";
import type { TrafficHistory, TrafficSource } from "../../../../mirror";
import { useInstrument } from "../../../shared/instrument-context";

const EVERY_MS = 1000;
const WITHIN_MS = 2500;

export interface TrafficAnswers {
  readonly history: TrafficHistory;
  /** Who was asked and has not answered the last time, with the reason. */
  readonly silent: Readonly<Partial<Record<TrafficSource, string>>>;
}

const NOTHING: TrafficAnswers = { history: NO_TRAFFIC, silent: {} };

/** Undefined until the first answer. */
export function useTraffic(): TrafficAnswers | undefined {
  const { diagnostics } = useInstrument().clients;
  const [answers, setAnswers] = useState<TrafficAnswers>();
  useEffect(() => {
    const stopped = new AbortController();
    const isStopped = () => stopped.signal.aborted;
    const watch = async (source: TrafficSource) => {
      const client = diagnostics[source];
      while (client && !isStopped()) {
        const asked = performance.now();
        const outcome = await client.getTraffic({}, { timeoutMs: WITHIN_MS, signal: stopped.signal }).then(
          ({ processes }) => ({ processes: processes.map(toPlain), reason: undefined }),
          (error: unknown) => ({
            processes: undefined,
            reason: ConnectError.from(error).rawMessage,
          }),
        );
        if (isStopped()) return;
        setAnswers(({ history, silent } = NOTHING) =>
          outcome.processes
            ? { history: addTraffic(history, source, outcome.processes), silent: { ...silent, [source]: undefined } }
            : { history, silent: { ...silent, [source]: outcome.reason } },
        );
        await pause(EVERY_MS - (performance.now() - asked), stopped.signal);
      }
    };
    void watch("host");
    void watch("worker");
    return () => stopped.abort();
  }, [diagnostics]);
  return answers;
}

function pause(forMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      // The signal lives as long as the dialog is open, and there is a pause every second.
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.max(0, forMs));
    signal.addEventListener("abort", end);
  });
}
