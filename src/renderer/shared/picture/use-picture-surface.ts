/** A canvas in an element, drawn by a worker. */
import { useEffect, useState } from "react";
import type { RefObject } from "react";
import { PaintingImpossible } from "./picture-painter";
import type { PictureSurface } from "./picture-surface";
import { WorkerSurface } from "./worker-surface";

export interface SurfaceState {
  readonly surface: PictureSurface | undefined;
  /** Why nothing can be drawn on this machine. */
  readonly impossible: string | undefined;
  /** The graphics context is gone for the moment. */
  readonly lost: boolean;
}

const NONE: SurfaceState = { surface: undefined, impossible: undefined, lost: false };

/** The canvas is made here, not by React: it can be given to a worker only once in its life. */
export function usePictureSurface(holder: RefObject<HTMLElement | null>): SurfaceState {
  const [state, setState] = useState<SurfaceState>(NONE);
  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    element.append(canvas);
    const impossible = ({ message }: Error) => setState({ ...NONE, impossible: message });
    let made: WorkerSurface | undefined;
    try {
      const surface = new WorkerSurface(canvas, {
        onReady: () => setState({ ...NONE, surface }),
        onLost: (lost) => setState((before) => ({ ...before, lost })),
        onImpossible: impossible,
      });
      made = surface;
    } catch (cause) {
      const error = new PaintingImpossible("This browser cannot draw in the background (OffscreenCanvas).", { cause });
      queueMicrotask(() => impossible(error));
    }
    return () => {
      made?.dispose();
      canvas.remove();
      setState(NONE);
    };
  }, [holder]);
  return state;
}
