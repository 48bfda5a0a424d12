/** Copies a channel's state into the mirror. */
import { channelChanged, plainChannel } from "./connection-slice";
import type { ChannelName } from "./connection-slice";
import type { ObservedChannel } from "./instrument";
import type { MirrorStore } from "./make-store";

/** Returns the function that stops it. */
export function watchChannel(store: MirrorStore, name: ChannelName, channel: ObservedChannel): () => void {
  const copy = () => store.dispatch(channelChanged({ name, channel: plainChannel(channel.state), atMs: Date.now() }));
  copy();
  return channel.subscribe(copy);
}
