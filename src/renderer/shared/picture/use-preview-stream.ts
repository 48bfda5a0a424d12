/** Holds the preview stream open while the window is seen. */
import { useEffect, useState } from "react";
import { previewPaused, wakeStream, watchPreview } from "../../../mirror";
import type { PreviewSink, PreviewWish } from "../../../mirror";
import { useMirror, useMirrorStore } from "../hooks";
import { useInstrument } from "../instrument-context";

/** A new wish waits so long for a newer one, while somebody zooms or resizes. */
const SETTLE_MS = 250;

export function usePreviewStream(wish: PreviewWish, sink: PreviewSink | undefined): void {
  const store = useMirrorStore();
  const { clients, countSkips } = useInstrument();
  const hidden = useHidden();
  useEffect(() => {
    store.dispatch(previewPaused(hidden));
  }, [store, hidden]);
  const epoch = useMirror((state) => state.connection.worker.server?.epoch);
  const settled = useSettled(wish);
  useEffect(() => {
    if (!sink || hidden || !settled) return undefined;
    return wakeStream(store, watchPreview(store, clients.camera, settled, sink, countSkips));
    // Another worker: its epoch opens the stream anew.
  }, [store, clients, countSkips, sink, hidden, settled, epoch]);
}

/** The wish, once it has stayed the same for a while; undefined before the first has. */
function useSettled(wish: PreviewWish): PreviewWish | undefined {
  const [settled, setSettled] = useState<PreviewWish>();
  const written = JSON.stringify(wish);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(written) as PreviewWish), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [written]);
  return settled;
}

function useHidden(): boolean {
  const [hidden, setHidden] = useState(() => document.hidden);
  useEffect(() => {
    const onChange = () => setHidden(document.hidden);
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, []);
  return hidden;
}
