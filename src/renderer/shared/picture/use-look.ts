/** Draws the picture as the view says, at a place and a scale. */
import { useEffect } from "react";
import { useMirror } from "../hooks";
import type { PictureSurface } from "./picture-surface";
import { originOf } from "./picture-view";
import type { FreeView } from "./picture-view";
import type { ElementSize } from "./use-element-size";

export function useLook(surface: PictureSurface | undefined, view: FreeView, canvas: ElementSize): void {
  const black = useMirror((state) => state.view.black);
  const white = useMirror((state) => state.view.white);
  const gamma = useMirror((state) => state.view.gamma);
  const markSaturated = useMirror((state) => state.view.markSaturated);
  const overlayOpacity = useMirror((state) => state.view.referenceOpacity);
  const ratio = canvas.devicePixelRatio;
  const canvasWidthPx = Math.round(canvas.width * ratio);
  const canvasHeightPx = Math.round(canvas.height * ratio);
  const origin = originOf(view, canvas);
  const originXPx = origin.x * ratio;
  const originYPx = origin.y * ratio;
  const scale = view.scale * ratio;
  useEffect(() => {
    if (!surface || canvasWidthPx === 0) return;
    surface.look({
      canvasWidthPx,
      canvasHeightPx,
      originXPx,
      originYPx,
      scale,
      contrast: { black, white },
      gamma,
      markSaturated,
      overlayOpacity,
    });
  }, [
    surface,
    canvasWidthPx,
    canvasHeightPx,
    originXPx,
    originYPx,
    scale,
    black,
    white,
    gamma,
    markSaturated,
    overlayOpacity,
  ]);
}
