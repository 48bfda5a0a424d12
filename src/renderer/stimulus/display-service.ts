/** Serves `StimulusDisplayService`: what is on the glass, straight from what draws it. */
import { create } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import { WatchGlassResponseSchema } from "../../../gen/ts/macroscope/stimulus/v1/display_pb";
import type {
  GlassSchema,
  StimulusDisplayService,
  WatchGlassResponse,
} from "../../../gen/ts/macroscope/stimulus/v1/display_pb";
import type { MessageInitShape } from "@bufbuild/protobuf";

export type GlassFacts = Omit<MessageInitShape<typeof GlassSchema>, "$typeName">;

/** The newest facts, and whoever waits for newer ones. */
export class GlassNews {
  #facts: GlassFacts = {};
  #told = 0;
  #waiting: (() => void)[] = [];

  get facts(): GlassFacts {
    return this.#facts;
  }

  /** Grows with each change. */
  get told(): number {
    return this.#told;
  }

  tell(change: GlassFacts): void {
    this.#facts = { ...this.#facts, ...change };
    this.#told += 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Resolves with the next change, or when the signal says so. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      // The signal lives as long as the stream: what is not taken off it again would be kept for hours.
      const end = () => {
        signal.removeEventListener("abort", end);
        resolve();
      };
      this.#waiting.push(end);
      signal.addEventListener("abort", end);
    });
  }
}

export function stimulusDisplayService(news: GlassNews): ServiceImpl<typeof StimulusDisplayService> {
  return {
    async *watchGlass({ maxRateHz }, { signal }): AsyncGenerator<WatchGlassResponse> {
      const gapMs = 1000 / maxRateHz;
      let told = -1;
      while (!signal.aborted) {
        if (told === news.told) {
          await news.next(signal);
          continue;
        }
        told = news.told;
        yield create(WatchGlassResponseSchema, { glass: news.facts });
        await rest(gapMs, signal);
      }
    },
  };
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
