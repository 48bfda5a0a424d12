/** Keeps the watched regions in the mirror. */
import { toPlain } from "./from-proto";
import type { InstrumentClients } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";
import type { MirrorStore } from "./make-store";
import { regionsArrived } from "./regions-slice";

/** Whoever starts it stops it. */
export function watchRegions(store: MirrorStore, client: InstrumentClients["imaging"]): HeldStream {
  return keepStream({
    open: (signal) => client.watchRegions({}, { signal }),
    take: (message) => {
      const epoch = store.getState().connection.worker.server?.epoch ?? "0";
      store.dispatch(regionsArrived({ state: toPlain(message), epoch, receivedAtMs: Date.now() }));
    },
  });
}
