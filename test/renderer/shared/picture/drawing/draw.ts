/** Draws one picture in a page and reads it back: what `browser-picture.spec.ts` puts into Chromium. */
import { PicturePainter } from "../../../../../src/renderer/shared/picture/picture-painter";
import type { Look, Overlay, Picture } from "../../../../../src/renderer/shared/picture/picture";

/** Pixels as plain numbers, so that they pass into a page. */
type Plain<Of extends { readonly pixels: Uint8Array }> = Omit<Of, "pixels"> & { readonly pixels: readonly number[] };

export interface PictureOrder {
  /** One after another; the last one is drawn. */
  readonly pictures: readonly Plain<Picture>[];
  readonly overlay?: Plain<Overlay>;
  readonly look: Look;
}

/** Red, green and blue of each pixel of the canvas, from its left upper corner. */
export type DrawnPicture = readonly (readonly [number, number, number])[];

function draw({ pictures, overlay, look }: PictureOrder): DrawnPicture {
  const canvas = document.createElement("canvas");
  const painter = new PicturePainter(canvas, () => undefined);
  for (const picture of pictures) {
    painter.take({ ...picture, pixels: Uint8Array.from(picture.pixels) });
    painter.draw(look);
  }
  painter.overlay(overlay && { ...overlay, pixels: Uint8Array.from(overlay.pixels) });
  painter.draw(look);
  const gl = canvas.getContext("webgl2");
  if (!gl) throw new Error("There is no WebGL2.");
  const { width, height } = canvas;
  const read = new Uint8Array(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, read);
  painter.dispose();
  return Array.from({ length: width * height }, (_, index) => {
    // The graphics card counts rows from below.
    const at = ((height - 1 - Math.floor(index / width)) * width + (index % width)) * 4;
    return [read[at] ?? 0, read[at + 1] ?? 0, read[at + 2] ?? 0] as const;
  });
}

Object.assign(globalThis, { drawPicture: draw });
