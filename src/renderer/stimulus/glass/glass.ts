/** The display itself: draws each frame for the time at which it will be seen, and tells what was presented. Knows no window and no worker of ours. */
import { barAt, FlipTiming, isSquareBright } from "../../../stimulus";
import type { Bar, Flip, FlipTimingFigures, StimulusScene } from "../../../stimulus";
import { StimulusPainter } from "./stimulus-painter";

/** What to show. */
export interface Showing {
  /** Undefined: grey, because nobody says what to show. */
  readonly scene: StimulusScene | undefined;
  /** The worker's clock minus the page's; undefined: not known, so there is nothing but grey. */
  readonly clockOffsetNs: bigint | undefined;
}

/** A frame that was presented. */
export interface Presented {
  readonly flip: Flip;
  readonly bar: Bar | undefined;
  readonly timing: FlipTimingFigures;
}

export interface GlassEvents {
  readonly onPresented: (presented: Presented) => void;
  /** Why it cannot draw now, a sentence; empty: it can again. */
  readonly onProblem: (problem: string) => void;
}

/** The frames of a page or a worker. */
export interface Frames {
  requestAnimationFrame(callback: (stampMs: number) => void): number;
  cancelAnimationFrame(handle: number): void;
}

const NS_PER_MS = 1e6;
const CONTEXT_LOST = "The graphics card has reset the drawing of the stimulus; nothing is shown until it is back.";
/** Figures change slowly, and counting them costs more than a frame. */
const FIGURES_EVERY = 12;

export class Glass {
  readonly #frames: Frames;
  readonly #events: GlassEvents;
  readonly #painter: StimulusPainter;
  readonly #timing = new FlipTiming();
  readonly #clockAheadMs: number;
  #figures: FlipTimingFigures = this.#timing.figures();
  #showing: Showing = { scene: undefined, clockOffsetNs: undefined };
  #flips = 0;
  #requested: number;

  /**
   * Draws from now on, with every refresh.
   *
   * @param clockAheadMs - the page's clock minus that of the frames' stamps: not 0 in a worker, whose clock starts later.
   * @throws DrawingImpossible without WebGL2.
   */
  constructor(canvas: HTMLCanvasElement | OffscreenCanvas, frames: Frames, events: GlassEvents, clockAheadMs = 0) {
    this.#frames = frames;
    this.#events = events;
    this.#clockAheadMs = clockAheadMs;
    this.#painter = new StimulusPainter(canvas, (lost) => events.onProblem(lost ? CONTEXT_LOST : ""));
    this.#requested = frames.requestAnimationFrame(this.#onFrame);
  }

  get renderer(): string {
    return this.#painter.renderer;
  }

  /** Shows this from the next frame on. */
  show(showing: Showing): void {
    this.#showing = showing;
    this.#timing.setNominalRate(showing.scene?.nominalRateHz);
  }

  /** Physical pixels. */
  resize(widthPx: number, heightPx: number): void {
    this.#painter.resize(widthPx, heightPx);
  }

  dispose(): void {
    this.#frames.cancelAnimationFrame(this.#requested);
    this.#painter.dispose();
  }

  readonly #onFrame = (stampMs: number): void => {
    this.#requested = this.#frames.requestAnimationFrame(this.#onFrame);
    const { scene, clockOffsetNs } = this.#showing;
    const stampNs = toNs(stampMs + this.#clockAheadMs);
    // What is drawn at this stamp is on the glass with the next refresh.
    const glassNs = stampNs + toNs(this.#timing.refreshMs);
    const bar = scene && clockOffsetNs !== undefined ? barAt(scene, glassNs + clockOffsetNs) : undefined;
    const squareBright = isSquareBright(this.#flips);
    if (!this.#painter.draw({ look: scene?.look, bar, squareBright })) return;
    const missedRefreshes = this.#timing.note(stampMs);
    if (this.#flips % FIGURES_EVERY === 0) this.#figures = this.#timing.figures();
    this.#flips += 1;
    this.#events.onPresented({
      flip: {
        stampNs,
        glassNs,
        sceneNumber: scene?.number ?? 0n,
        showing: bar?.showing === undefined ? 0 : bar.showing + 1,
        direction: bar?.direction ?? 0,
        angleDeg: bar?.angleDeg ?? 0,
        missedRefreshes,
        squareBright,
      },
      bar,
      timing: this.#figures,
    });
  };
}

function toNs(ms: number): bigint {
  return BigInt(Math.round(ms * NS_PER_MS));
}
