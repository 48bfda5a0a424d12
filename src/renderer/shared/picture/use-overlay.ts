/** Lays the reference that the view names over the picture. */
import { useEffect, useState } from "react";
import { keepTrying } from "../keep-trying";
import { useMirror } from "../hooks";
import { useInstrument } from "../instrument-context";
import type { Overlay } from "./picture";
import type { PictureSurface } from "./picture-surface";

const LARGEST_PX = 1024;

/** Says why the reference is not there; undefined while all is well. */
export function useOverlay(surface: PictureSurface | undefined): string | undefined {
  const { clients } = useInstrument();
  const id = useMirror((state) => state.view.referenceId);
  const [failure, setFailure] = useState<{ readonly id: string; readonly reason: string }>();
  useEffect(() => {
    if (!surface || id === "") return undefined;
    const stop = keepTrying(
      async (signal) => {
        const asked = { id, maxWidthPx: LARGEST_PX, maxHeightPx: LARGEST_PX };
        const { reference, widthPx, heightPx, pixels } = await clients.imaging.getReference(asked, { signal });
        if (signal.aborted || !reference) return;
        surface.overlay({
          widthPx,
          heightPx,
          bytesPerPixel: 1,
          pixels,
          placement: overlayPlacement(reference, widthPx),
        });
        setFailure(undefined);
      },
      (reason) => setFailure({ id, reason }),
    );
    return () => {
      stop();
      surface.overlay(undefined);
    };
  }, [surface, clients, id]);
  return failure?.id === id && id !== "" ? failure.reason : undefined;
}

/** Where the picture of a reference lies, given how wide it came. */
export function overlayPlacement(
  reference: {
    readonly sensorXPx: number;
    readonly sensorYPx: number;
    readonly binning: number;
    readonly widthPx: number;
  },
  widthPx: number,
): Overlay["placement"] {
  // It was binned by the whole number that makes it fit.
  const binned = Math.max(1, Math.floor(reference.widthPx / Math.max(1, widthPx)));
  return { xPx: reference.sensorXPx, yPx: reference.sensorYPx, binning: Math.max(1, reference.binning) * binned };
}
