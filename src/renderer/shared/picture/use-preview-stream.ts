/** Holds the preview stream open while the window is seen. */
import { useEffect, useRef, useState } from "react";
import { previewPaused, wakeStream, watchPreview } from "../../../mirror";
import type { PreviewSink, PreviewWish } from "../../../mirror";
import { useMirror, useMirrorStore } from "../hooks";
import { useInstrument } from "../instrument-context";

/** A new wish waits so long for a newer one, while somebody zooms or resizes, */
const SETTLE_MS = 250;
/** but not longer than this: somebody who drags on and on sees what they come to. */
const LATEST_MS = 500;

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

/** The wish, once it has stayed the same for a while, or the newest one now and then; undefined before the first. */
function useSettled(wish: PreviewWish): PreviewWish | undefined {
  const [settled, setSettled] = useState<PreviewWish>();
  const written = JSON.stringify(wish);
  const changedMs = useRef<number>(undefined);
  useEffect(() => {
    const nowMs = performance.now();
    changedMs.current ??= nowMs;
    const waitMs = Math.max(0, Math.min(SETTLE_MS, changedMs.current + LATEST_MS - nowMs));
    const timer = setTimeout(() => {
      changedMs.current = undefined;
      setSettled(JSON.parse(written) as PreviewWish);
    }, waitMs);
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
