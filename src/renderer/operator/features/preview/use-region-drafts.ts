/** A region that is being dragged or nudged: shown at once, sent when it rests. */
import { useCallback, useEffect, useRef, useState } from "react";
import { putRegion } from "../../../../mirror";
import type { RegionMirror } from "../../../../mirror";
import { useMirrorDispatch } from "../../../shared/hooks";

/** Keys repeat faster than this. */
const REST_MS = 350;

export interface RegionDrafts {
  /** The region as it is being changed; undefined: none is. */
  readonly draft: RegionMirror | undefined;
  /** Shows a change; it is sent by `send`, or when `rests` and nothing follows. */
  readonly change: (region: RegionMirror, rests?: boolean) => void;
  /** Sends what is being changed. */
  readonly send: () => void;
}

export function useRegionDrafts(): RegionDrafts {
  const dispatch = useMirrorDispatch();
  const [draft, setDraft] = useState<RegionMirror>();
  const newest = useRef<RegionMirror>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const send = useCallback(() => {
    clearTimeout(timer.current);
    const region = newest.current;
    newest.current = undefined;
    setDraft(undefined);
    if (region) void dispatch(putRegion(region));
  }, [dispatch]);
  const change = useCallback(
    (region: RegionMirror, rests = false) => {
      clearTimeout(timer.current);
      newest.current = region;
      setDraft(region);
      if (rests) timer.current = setTimeout(send, REST_MS);
    },
    [send],
  );
  // What was changed is not lost when the picture goes away.
  useEffect(() => send, [send]);
  return { draft, change, send };
}
