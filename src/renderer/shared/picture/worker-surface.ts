/** Draws in a worker of the page, so that the page's own work and the picture do not wait for each other. */
import type { Look, Overlay, Picture } from "./picture";
import { PaintingImpossible } from "./picture-painter";
import type { PictureSurface } from "./picture-surface";

/** What the page tells the worker. */
export type ToPictureWorker =
  | { readonly kind: "canvas"; readonly canvas: OffscreenCanvas }
  | { readonly kind: "picture"; readonly picture: Picture }
  | { readonly kind: "look"; readonly look: Look }
  | { readonly kind: "overlay"; readonly overlay: Overlay | undefined };

/** What the worker tells the page. */
export type FromPictureWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "shown" }
  | { readonly kind: "lost"; readonly lost: boolean }
  | { readonly kind: "impossible"; readonly reason: string };

/** What a surface tells of itself. */
export interface SurfaceEvents {
  /** It draws from now on. */
  readonly onReady: () => void;
  /** The graphics context is gone, or back. */
  readonly onLost: (lost: boolean) => void;
  /** It will never draw. */
  readonly onImpossible: (error: PaintingImpossible) => void;
}

export class WorkerSurface implements PictureSurface {
  private readonly worker: Worker;
  private readonly shown: (() => void)[] = [];

  /** The canvas is the worker's from now on. */
  constructor(canvas: HTMLCanvasElement, { onReady, onLost, onImpossible }: SurfaceEvents) {
    this.worker = new Worker(new URL("./picture-worker.ts", import.meta.url), { type: "module" });
    this.worker.addEventListener("message", ({ data }: MessageEvent<FromPictureWorker>) => {
      if (data.kind === "shown") this.shown.shift()?.();
      else if (data.kind === "ready") onReady();
      else if (data.kind === "lost") onLost(data.lost);
      else onImpossible(new PaintingImpossible(data.reason));
    });
    // A script that cannot be loaded, or an error that nobody has foreseen: what was to be shown is not waited for.
    this.worker.addEventListener("error", ({ message }: Partial<ErrorEvent>) => {
      onImpossible(new PaintingImpossible(`What draws the picture has stopped${message ? ` (${message})` : ""}.`));
      this.settle();
    });
    const offscreen = canvas.transferControlToOffscreen();
    this.tell({ kind: "canvas", canvas: offscreen }, [offscreen]);
  }

  show(picture: Picture): Promise<void> {
    // The view's buffer is the whole frame as it came; nobody else reads it, so it moves instead of being copied.
    const { pixels } = picture;
    const movable = pixels.buffer instanceof ArrayBuffer ? pixels : pixels.slice();
    return new Promise((resolve) => {
      this.shown.push(resolve);
      this.tell({ kind: "picture", picture: { ...picture, pixels: movable } }, [movable.buffer]);
    });
  }

  look(look: Look): void {
    this.tell({ kind: "look", look });
  }

  overlay(overlay: Overlay | undefined): void {
    this.tell({ kind: "overlay", overlay });
  }

  dispose(): void {
    this.worker.terminate();
    this.settle();
  }

  private settle(): void {
    for (const resolve of this.shown.splice(0)) resolve();
  }

  private tell(message: ToPictureWorker, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}
