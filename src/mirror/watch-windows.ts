/** Keeps the program's windows and displays in the mirror. */
import { toPlain } from "./from-proto";
import type { InstrumentClients, ObservedChannel } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";
import type { MirrorStore } from "./make-store";
import { windowsArrived } from "./windows-slice";

/**
 * Whoever starts it stops it.
 *
 * @param channel - over which main is reached: its epoch is that of the states.
 */
export function watchWindows(
  store: MirrorStore,
  client: NonNullable<InstrumentClients["window"]>,
  channel: ObservedChannel,
): HeldStream {
  return keepStream({
    open: (signal) => client.watchWindows({}, { signal }),
    take: ({ state }) => {
      if (!state) return;
      const epoch = (channel.state.server?.epoch ?? 0n).toString();
      store.dispatch(windowsArrived({ state: toPlain(state), epoch, receivedAtMs: Date.now() }));
    },
  });
}
