/** Keeps the notifications in the mirror. */
import { toPlain } from "./from-proto";
import type { InstrumentClients } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";
import type { MirrorStore } from "./make-store";
import { notificationsArrived } from "./notifications-slice";

/** Whoever starts it stops it. */
export function watchNotifications(store: MirrorStore, client: InstrumentClients["notification"]): HeldStream {
  return keepStream({
    open: (signal) => client.watchNotifications({}, { signal }),
    take: (message) => {
      const epoch = store.getState().connection.worker.server?.epoch ?? "0";
      store.dispatch(notificationsArrived({ state: toPlain(message), epoch, receivedAtMs: Date.now() }));
    },
  });
}
