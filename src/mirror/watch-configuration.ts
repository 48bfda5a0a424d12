/** Keeps the configuration in the mirror: a snapshot, then revisions. */
import { configurationArrived, plainConfiguration } from "./configuration-slice";
import type { InstrumentClients } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";
import type { MirrorStore } from "./make-store";

/** Whoever starts it stops it. */
export function watchConfiguration(store: MirrorStore, client: InstrumentClients["configuration"]): HeldStream {
  return keepStream({
    open: (signal) => client.watchConfiguration({}, { signal }),
    take: ({ state }) => {
      if (!state) return;
      const epoch = store.getState().connection.worker.server?.epoch ?? "0";
      store.dispatch(configurationArrived({ state: plainConfiguration(state), epoch, receivedAtMs: Date.now() }));
    },
  });
}
