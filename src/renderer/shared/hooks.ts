/** The mirror's hooks with its types; components use these and no others of react-redux. */
import { useEffect, useState } from "react";
import { useDispatch, useSelector, useStore } from "react-redux";
import type { MirrorDispatch, MirrorState, MirrorStore } from "../../mirror";

export const useMirror = useSelector.withTypes<MirrorState>();
export const useMirrorDispatch = useDispatch.withTypes<MirrorDispatch>();
export const useMirrorStore = useStore.withTypes<MirrorStore>();

/** The wall clock in milliseconds, again every period: for ages and countdowns. */
export function useNow(periodMs = 500): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), periodMs);
    return () => clearInterval(timer);
  }, [periodMs]);
  return nowMs;
}
