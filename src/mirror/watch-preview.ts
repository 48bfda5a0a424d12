/** Holds the preview stream open: pixels go to whoever shows them, figures go into the mirror. */
import type { ContextValues } from "@connectrpc/connect";
import type { PreviewFrame } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import type { InstrumentClients } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";
import type { MirrorStore } from "./make-store";
import { previewFigured } from "./preview-slice";
import { ShownRate } from "./shown-rate";

/** Figures are published this often at most. */
const FIGURES_EVERY_MS = 250;
/** What was told so long ago is of no picture that comes now. */
const OF_LATE_MS = 2000;

/** The pictures a window asks for. */
export interface PreviewWish {
  readonly maxWidthPx: number;
  readonly maxHeightPx: number;
  readonly maxRateHz: number;
  /** Only this part, in sensor pixels, unbinned; absent: all of the image. */
  readonly part?: PreviewPart;
}

export interface PreviewPart {
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** How a stream's skipped messages are learnt from the transport. */
export interface SkipCount {
  readonly contextValues?: ContextValues;
  /** Pictures that newer ones replaced, since the stream was opened. */
  skipped(): number;
}

/** What shows pictures. */
export interface PreviewSink {
  /** Takes a picture, and answers when it is drawn; until then no other is taken, so that what comes too fast is skipped at its source. */
  show(frame: PreviewFrame): Promise<void>;
}

/** One picture has no rate yet. Where pictures came until now they still do: a wish that changes while somebody zooms is no pause. */
function rateOfLate(store: MirrorStore): number {
  const { figures } = store.getState().preview;
  return figures && Date.now() - figures.receivedAtMs < OF_LATE_MS ? figures.shownRateHz : 0;
}

/** Whoever starts it stops it. `countSkips` makes a counter for each stream that is opened. */
export function watchPreview(
  store: MirrorStore,
  client: InstrumentClients["camera"],
  wish: PreviewWish,
  sink: PreviewSink,
  countSkips: () => SkipCount = () => ({ skipped: () => 0 }),
): HeldStream {
  let skips: SkipCount | undefined;
  // Each stream counts its own; what is shown goes on over reconnections and changed wishes.
  let skippedBefore = store.getState().preview.figures?.skipped ?? 0;
  let rate = new ShownRate();
  let publishedMs = Number.NEGATIVE_INFINITY;
  return keepStream({
    open: (signal) => {
      skippedBefore += skips?.skipped() ?? 0;
      skips = countSkips();
      rate = new ShownRate();
      const { contextValues } = skips;
      return client.watchPreview({ ...wish }, contextValues ? { signal, contextValues } : { signal });
    },
    take: async ({ frame }) => {
      if (!frame) return;
      await sink.show(frame);
      const nowMs = performance.now();
      rate.note(nowMs);
      if (nowMs - publishedMs < FIGURES_EVERY_MS) return;
      publishedMs = nowMs;
      store.dispatch(
        previewFigured({
          frameId: Number(frame.frameId),
          widthPx: frame.widthPx,
          heightPx: frame.heightPx,
          binning: frame.binning,
          imageWidthPx: frame.imageWidthPx,
          imageHeightPx: frame.imageHeightPx,
          significantBits: frame.significantBits,
          saturatedPx: Number(frame.saturatedPx),
          shownRateHz: rate.rateHz() || rateOfLate(store),
          skipped: skippedBefore + (skips?.skipped() ?? 0),
          receivedAtMs: Date.now(),
        }),
      );
    },
  });
}
