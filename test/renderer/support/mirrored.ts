/** A store on an instrument in memory, and waiting for what it says. */
import { vi } from "vitest";
import { makeStore } from "../../../src/mirror";
import type { MirrorState, MirrorStore } from "../../../src/mirror";
import { watchChannel } from "../../../src/mirror/watch-channel";
import { FakeInstrument } from "./fake-instrument";

/** Store and instrument; the channels are mirrored, nothing else yet. */
export function makeMirror(): { instrument: FakeInstrument; store: MirrorStore } {
  const instrument = new FakeInstrument();
  const store = makeStore({ clients: instrument.clients });
  watchChannel(store, "host", instrument.channels.host);
  watchChannel(store, "worker", instrument.channels.worker);
  return { instrument, store };
}

/** Waits until the mirror gives something other than undefined, null or false. */
export function whenMirrored<Value>(
  store: MirrorStore,
  select: (state: MirrorState) => Value,
): Promise<Exclude<NonNullable<Value>, false>> {
  return vi.waitFor(() => {
    const value = select(store.getState());
    if (value === undefined || value === null || value === false) throw new Error("The mirror does not say so yet.");
    return value as Exclude<NonNullable<Value>, false>;
  });
}
