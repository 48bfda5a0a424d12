/** Keeps the last sample of the hardware's health in the mirror. */
import { toPlain } from "./from-proto";
import { hardwareSampled } from "./hardware-slice";
import type { InstrumentClients } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";
import type { MirrorStore } from "./make-store";

/** Samples a second: a status line is read by a person. */
const RATE_HZ = 2;

/** Whoever starts it stops it. */
export function watchHardware(store: MirrorStore, client: InstrumentClients["monitoring"]): HeldStream {
  return keepStream({
    open: (signal) => client.watchHardware({ rateHz: RATE_HZ }, { signal }),
    take: ({ status }) => {
      if (status) store.dispatch(hardwareSampled({ status: toPlain(status), receivedAtMs: Date.now() }));
    },
  });
}
