/** Keeps the stimulus' state in the mirror: a snapshot, then revisions. */
import { toPlain } from "./from-proto";
import type { InstrumentClients } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";
import type { MirrorStore } from "./make-store";
import { stimulusArrived } from "./stimulus-slice";

/** Whoever starts it stops it. */
export function watchStimulus(store: MirrorStore, client: InstrumentClients["stimulus"]): HeldStream {
  return keepStream({
    open: (signal) => client.watchStimulus({}, { signal }),
    take: ({ state }) => {
      if (!state) return;
      const epoch = store.getState().connection.worker.server?.epoch ?? "0";
      store.dispatch(stimulusArrived({ state: toPlain(state), epoch, receivedAtMs: Date.now() }));
    },
  });
}
