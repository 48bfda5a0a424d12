/** The page's side of a display that is drawn in a worker, so that nothing the page does comes between two frames. */
import type { GlassEvents, Presented, Showing } from "./glass";

/** What the page tells the worker. */
export type ToGlassWorker =
  | { readonly kind: "canvas"; readonly canvas: OffscreenCanvas; readonly pageTimeOriginMs: number }
  | { readonly kind: "size"; readonly widthPx: number; readonly heightPx: number }
  | { readonly kind: "show"; readonly showing: Showing };

/** What the worker tells the page. */
export type FromGlassWorker =
  | { readonly kind: "ready"; readonly renderer: string }
  | { readonly kind: "presented"; readonly presented: Presented }
  | { readonly kind: "problem"; readonly problem: string };

export interface WorkerGlassEvents extends GlassEvents {
  /** It draws from now on, with this. */
  readonly onReady: (renderer: string) => void;
}

export class WorkerGlass {
  readonly #worker: Worker;

  /** The canvas is the worker's from now on. */
  constructor(canvas: HTMLCanvasElement, { onReady, onPresented, onProblem }: WorkerGlassEvents) {
    this.#worker = new Worker(new URL("./glass-worker.ts", import.meta.url), { type: "module" });
    this.#worker.addEventListener("message", ({ data }: MessageEvent<FromGlassWorker>) => {
      if (data.kind === "presented") onPresented(data.presented);
      else if (data.kind === "ready") onReady(data.renderer);
      else onProblem(data.problem);
    });
    this.#worker.addEventListener("error", () =>
      onProblem("What draws the stimulus has stopped. Close its window and open it again."),
    );
    const offscreen = canvas.transferControlToOffscreen();
    this.#tell({ kind: "canvas", canvas: offscreen, pageTimeOriginMs: performance.timeOrigin }, [offscreen]);
  }

  show(showing: Showing): void {
    this.#tell({ kind: "show", showing });
  }

  /** Physical pixels. */
  resize(widthPx: number, heightPx: number): void {
    this.#tell({ kind: "size", widthPx, heightPx });
  }

  dispose(): void {
    this.#worker.terminate();
  }

  #tell(message: ToGlassWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}
