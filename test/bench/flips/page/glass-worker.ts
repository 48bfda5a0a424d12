/** The worker's side of {@link WorkerGlass}. */
import { Glass } from "../../../../src/renderer/stimulus/glass/glass";
import type { FromGlassWorker, ToGlassWorker } from "./worker-glass";

let glass: Glass | undefined;

function tell(message: FromGlassWorker): void {
  self.postMessage(message);
}

self.addEventListener("message", ({ data }: MessageEvent<ToGlassWorker>) => {
  if (data.kind === "show") glass?.show(data.showing);
  else if (data.kind === "size") glass?.resize(data.widthPx, data.heightPx);
  else {
    const events = {
      onPresented: (presented: Extract<FromGlassWorker, { kind: "presented" }>["presented"]) =>
        tell({ kind: "presented", presented }),
      onProblem: (problem: string) => tell({ kind: "problem", problem }),
    };
    try {
      glass = new Glass(data.canvas, self, events);
      tell({ kind: "ready", renderer: glass.renderer });
    } catch (error) {
      tell({ kind: "problem", problem: error instanceof Error ? error.message : String(error) });
    }
  }
});
