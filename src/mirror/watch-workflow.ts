/** Keeps the workflow's state in the mirror: a snapshot, then revisions. */
import { toPlain } from "./from-proto";
import type { InstrumentClients } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";
import type { MirrorStore } from "./make-store";
import { workflowArrived } from "./workflow-slice";

/** Whoever starts it stops it. */
export function watchWorkflow(store: MirrorStore, client: InstrumentClients["workflow"]): HeldStream {
  return keepStream({
    open: (signal) => client.watchWorkflow({}, { signal }),
    take: ({ state }) => {
      if (!state) return;
      const epoch = store.getState().connection.worker.server?.epoch ?? "0";
      store.dispatch(workflowArrived({ state: toPlain(state), epoch, receivedAtMs: Date.now() }));
    },
  });
}
