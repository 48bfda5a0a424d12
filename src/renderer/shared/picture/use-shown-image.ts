/** Shows preview frames on a surface, and knows which image they are of. */
import { useMemo, useState } from "react";
import type { PreviewSink } from "../../../mirror";
import { pictureOf } from "./picture";
import type { Picture } from "./picture";
import type { PictureSurface } from "./picture-surface";
import type { PlacedImage } from "./placement";

export interface ShownImage {
  /** Undefined before the first picture. */
  readonly image: PlacedImage | undefined;
  /** Undefined while nothing can be drawn. */
  readonly sink: PreviewSink | undefined;
}

export function useShownImage(surface: PictureSurface | undefined): ShownImage {
  const [image, setImage] = useState<PlacedImage>();
  const sink = useMemo<PreviewSink | undefined>(
    () =>
      surface && {
        show: async (frame) => {
          const picture = pictureOf(frame);
          setImage((before) => (before && isOf(before, picture) ? before : imageOf(picture)));
          await surface.show(picture);
        },
      },
    [surface],
  );
  return { image, sink };
}

function imageOf({ imageWidthPx, imageHeightPx, placement }: Picture): PlacedImage {
  return { width: imageWidthPx, height: imageHeightPx, placement };
}

function isOf({ width, height, placement }: PlacedImage, picture: Picture): boolean {
  const { xPx, yPx, binning } = picture.placement;
  const samePlace = placement.xPx === xPx && placement.yPx === yPx && placement.binning === binning;
  return samePlace && width === picture.imageWidthPx && height === picture.imageHeightPx;
}
