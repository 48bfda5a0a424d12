/** Keeps up to date what a window needs that shows nothing but the picture. */
import type { Instrument } from "./instrument";
import type { MirrorStore } from "./make-store";
import { watchCamera } from "./watch-camera";
import { watchChannel } from "./watch-channel";
import { watchConfiguration } from "./watch-configuration";
import { watchRegions } from "./watch-regions";

/** Mirrors camera, regions and configuration until the returned function is called. */
export function mirrorPicture(store: MirrorStore, { clients, channels: { worker } }: Instrument): () => void {
  const stopChannel = watchChannel(store, "worker", worker);
  const streams = [
    watchCamera(store, clients.camera),
    watchRegions(store, clients.imaging),
    watchConfiguration(store, clients.configuration),
  ];
  // A worker that has come (back) is asked at once, instead of at the end of a pause.
  const stopWaking = worker.subscribe(() => {
    if (worker.state.phase === "live") for (const stream of streams) stream.wake();
  });
  return () => {
    stopWaking();
    stopChannel();
    for (const stream of streams) stream.stop();
  };
}
