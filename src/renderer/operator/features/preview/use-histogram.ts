/** The newest histogram, while the window is seen. */
import { useEffect, useState } from "react";
import type { Histogram } from "../../../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { wakeStream, watchHistogram } from "../../../../mirror";
import { useMirror, useMirrorStore } from "../../../shared/hooks";
import { useInstrument } from "../../../shared/instrument-context";

/** As fast as an eye follows a curve; the worker and the page have better to do. */
const RATE_HZ = 8;

/** @param regionId - empty: of the whole image. Undefined until the first has come, or one of another region is to come. */
export function useHistogram(regionId: string): Histogram | undefined {
  const store = useMirrorStore();
  const { clients } = useInstrument();
  const epoch = useMirror((state) => state.connection.worker.server?.epoch);
  const hidden = useMirror((state) => state.preview.paused);
  const [newest, setNewest] = useState<{ readonly regionId: string; readonly histogram: Histogram }>();
  useEffect(() => {
    if (hidden) return undefined;
    const stream = watchHistogram(clients.imaging, { maxRateHz: RATE_HZ, regionId }, (histogram) => {
      setNewest({ regionId, histogram });
    });
    return wakeStream(store, stream);
    // Another worker: its epoch opens the stream anew.
  }, [store, clients, regionId, hidden, epoch]);
  return newest?.regionId === regionId ? newest.histogram : undefined;
}
