/** Opens a held stream again at once when the worker is reached again, instead of at the end of its pause: until then what it shows looks new and is not. */
import type { HeldStream } from "./keep-stream";
import type { MirrorStore } from "./make-store";

/** Wakes the stream whenever the worker's channel becomes live; the returned function ends that and the stream. */
export function wakeStream(store: Pick<MirrorStore, "getState" | "subscribe">, stream: HeldStream): () => void {
  const isLive = () => store.getState().connection.worker.phase === "live";
  let wasLive = isLive();
  const unsubscribe = store.subscribe(() => {
    const live = isLive();
    if (live && !wasLive) stream.wake();
    wasLive = live;
  });
  return () => {
    unsubscribe();
    stream.stop();
  };
}
