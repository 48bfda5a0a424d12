/** Keeps the worker process, as the host sees it, in the mirror. */
import { toPlain } from "./from-proto";
import type { InstrumentClients } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";
import type { MirrorStore } from "./make-store";
import { workerArrived } from "./worker-slice";

/** Whoever starts it stops it. */
export function watchWorker(store: MirrorStore, client: InstrumentClients["application"]): HeldStream {
  return keepStream({
    open: (signal) => client.watchWorker({}, { signal }),
    take: ({ worker }) => {
      if (worker) store.dispatch(workerArrived({ process: toPlain(worker), receivedAtMs: Date.now() }));
    },
  });
}
