/** The worker's side of {@link WorkerSurface}. */
import { CanvasSurface } from "./picture-surface";
import type { FromPictureWorker, ToPictureWorker } from "./worker-surface";

let surface: CanvasSurface | undefined;

function tell(message: FromPictureWorker): void {
  self.postMessage(message);
}

self.addEventListener("message", ({ data }: MessageEvent<ToPictureWorker>) => {
  if (data.kind === "canvas") {
    try {
      surface = new CanvasSurface(data.canvas, self, (lost) => tell({ kind: "lost", lost }));
      tell({ kind: "ready" });
    } catch (error) {
      tell({ kind: "impossible", reason: error instanceof Error ? error.message : String(error) });
    }
  } else if (data.kind === "look") surface?.look(data.look);
  else if (data.kind === "overlay") surface?.overlay(data.overlay);
  else if (surface) void surface.show(data.picture).then(() => tell({ kind: "shown" }));
  else tell({ kind: "shown" });
});
