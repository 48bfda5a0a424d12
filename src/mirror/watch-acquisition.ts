/** Keeps the recording's state in the mirror: a snapshot, then revisions. */
import { acquisitionArrived } from "./acquisition-slice";
import { toPlain } from "./from-proto";
import type { InstrumentClients } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";
import type { MirrorStore } from "./make-store";

/** Whoever starts it stops it. */
export function watchAcquisition(store: MirrorStore, client: InstrumentClients["acquisition"]): HeldStream {
  return keepStream({
    open: (signal) => client.watchAcquisition({}, { signal }),
    take: ({ state }) => {
      if (!state) return;
      const epoch = store.getState().connection.worker.server?.epoch ?? "0";
      store.dispatch(acquisitionArrived({ state: toPlain(state), epoch, receivedAtMs: Date.now() }));
    },
  });
}
