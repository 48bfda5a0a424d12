/** Holds the preview stream open while the window is seen. */
import { useEffect, useState } from "react";
import { previewPaused, watchPreview } from "../../../../mirror";
import type { PreviewSink, PreviewWish } from "../../../../mirror";
import { useMirror, useMirrorStore } from "../../../shared/hooks";
import { useInstrument } from "../../../shared/instrument-context";

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
  const { maxWidthPx, maxHeightPx, maxRateHz } = useSettled(wish);
  useEffect(() => {
    if (!sink || hidden || maxWidthPx === 0) return undefined;
    const stream = watchPreview(store, clients.camera, { maxWidthPx, maxHeightPx, maxRateHz }, sink, countSkips);
    return () => stream.stop();
    // A worker that came back is asked at once: its epoch opens the stream anew.
  }, [store, clients, countSkips, sink, hidden, maxWidthPx, maxHeightPx, maxRateHz, epoch]);
}

function useSettled(wish: PreviewWish): PreviewWish {
  const [settled, setSettled] = useState<PreviewWish>({ maxWidthPx: 0, maxHeightPx: 0, maxRateHz: 0 });
  const { maxWidthPx, maxHeightPx, maxRateHz } = wish;
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ maxWidthPx, maxHeightPx, maxRateHz }), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [maxWidthPx, maxHeightPx, maxRateHz]);
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
