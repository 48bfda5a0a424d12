/** The worker's side of {@link WorkerGlass}. */
import { Glass } from "./glass";
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
      // Both clocks count the same seconds, from when page and worker began.
      glass = new Glass(data.canvas, self, events, performance.timeOrigin - data.pageTimeOriginMs);
      tell({ kind: "ready", renderer: glass.renderer });
    } catch (error) {
      tell({ kind: "problem", problem: error instanceof Error ? error.message : String(error) });
    }
  }
});
