/** Holds the histogram's stream open; each goes to whoever draws it. */
import type { Histogram } from "../../gen/ts/macroscope/imaging/v1/imaging_pb";
import type { InstrumentClients } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";

/** Which histograms a window asks for. */
export interface HistogramWish {
  readonly maxRateHz: number;
  /** Empty: of the whole image. */
  readonly regionId: string;
}

/** Whoever starts it stops it. */
export function watchHistogram(
  client: InstrumentClients["imaging"],
  wish: HistogramWish,
  show: (histogram: Histogram) => void,
): HeldStream {
  return keepStream({
    open: (signal) => client.watchHistogram({ ...wish }, { signal }),
    take: ({ histogram }) => {
      if (histogram) show(histogram);
    },
  });
}
