/** A canvas in an element, drawn by a worker. */
import { useEffect, useState } from "react";
import type { RefObject } from "react";
import type { PictureSurface } from "../../../shared/picture/picture-surface";
import { WorkerSurface } from "../../../shared/picture/worker-surface";

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
    const impossible = (error: unknown) =>
      setState({ ...NONE, impossible: error instanceof Error ? error.message : String(error) });
    let made: WorkerSurface | undefined;
    try {
      const surface = new WorkerSurface(canvas, {
        onReady: () => setState({ ...NONE, surface }),
        onLost: (lost) => setState((before) => ({ ...before, lost })),
        onImpossible: impossible,
      });
      made = surface;
    } catch (error) {
      // A browser without workers or without canvases for them.
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
