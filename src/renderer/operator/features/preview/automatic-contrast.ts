/** Contrast by itself: from the histogram, still while only noise changes. */
import { useEffect } from "react";
import type { Histogram } from "../../../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { LEAST_SPAN, viewChanged } from "../../../../mirror";
import type { ViewMirror } from "../../../../mirror";
import { useMirrorDispatch, useMirrorStore } from "../../../shared/hooks";

/** Beyond the pixels that count, so that the darkest and brightest of them are told apart too. */
const MARGIN = 0.03;
/** Changes smaller than this part of the window are noise. */
const STILL = 0.03;

type Window = Pick<ViewMirror, "black" | "white">;

/** The window that shows the most: from the darkest tenth of a percent to the brightest, with a margin. In parts of the full range. */
export function automaticWindow({
  low,
  high,
  significantBits,
}: Pick<Histogram, "low" | "high" | "significantBits">): Window {
  const largest = 2 ** significantBits - 1;
  const margin = Math.max(1, (high - low) * MARGIN);
  const black = Math.min(1 - LEAST_SPAN, Math.max(0, (low - margin) / largest));
  return { black, white: Math.min(1, Math.max(black + LEAST_SPAN, (high + margin) / largest)) };
}

/** Whether two windows differ by more than noise. */
export function isOther(before: Window, after: Window): boolean {
  const still = STILL * (before.white - before.black);
  return Math.abs(after.black - before.black) > still || Math.abs(after.white - before.white) > still;
}

/** Sets the view's window by each histogram while the view is automatic. */
export function useAutomaticContrast(histogram: Histogram | undefined): void {
  const store = useMirrorStore();
  const dispatch = useMirrorDispatch();
  useEffect(() => {
    const { view } = store.getState();
    if (!histogram || !view.automatic) return;
    const wanted = automaticWindow(histogram);
    if (isOther(view, wanted)) dispatch(viewChanged(wanted));
  }, [store, dispatch, histogram]);
}
