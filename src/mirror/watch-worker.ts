/** Keeps the worker process, as the host sees it, in the mirror. */
import { WorkerPhase } from "../../gen/ts/macroscope/application/v1/application_pb";
import { toPlain } from "./from-proto";
import type { InstrumentClients } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";
import type { MirrorStore } from "./make-store";
import { workerArrived } from "./worker-slice";

/** Whoever starts it stops it. `onRunning` is told when the host is connected to a worker, this one or a new one. */
export function watchWorker(
  store: MirrorStore,
  client: NonNullable<InstrumentClients["application"]>,
  onRunning: () => void = () => undefined,
): HeldStream {
  return keepStream({
    open: (signal) => client.watchWorker({}, { signal }),
    take: ({ worker }) => {
      if (!worker) return;
      store.dispatch(workerArrived({ process: toPlain(worker), receivedAtMs: Date.now() }));
      if (worker.phase === WorkerPhase.RUNNING) onRunning();
    },
  });
}
