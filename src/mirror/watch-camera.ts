/** Keeps the live camera's state in the mirror: a snapshot, then revisions. */
import { cameraArrived, plainCamera } from "./camera-slice";
import type { InstrumentClients } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";
import type { MirrorStore } from "./make-store";

/** Whoever starts it stops it. */
export function watchCamera(store: MirrorStore, client: InstrumentClients["camera"]): HeldStream {
  return keepStream({
    open: (signal) => client.watchCamera({}, { signal }),
    take: ({ state }) => {
      if (!state) return;
      const epoch = store.getState().connection.worker.server?.epoch ?? "0";
      store.dispatch(cameraArrived({ state: plainCamera(state), epoch, receivedAtMs: Date.now() }));
    },
  });
}
