/** The stimulus window's work, put together: what the worker wants shown goes to the glass, what was presented goes to the worker and to whoever watches. */
import type { Client } from "@connectrpc/connect";
import { Severity } from "../../../gen/ts/macroscope/notification/v1/notification_pb";
import type { NotificationService } from "../../../gen/ts/macroscope/notification/v1/notification_pb";
import type { StimulusService } from "../../../gen/ts/macroscope/stimulus/v1/stimulus_pb";
import type { WindowService } from "../../../gen/ts/macroscope/window/v1/window_pb";
import { keepStream } from "../../mirror";
import { ClockFit, FlipLog, readScene } from "../../stimulus";
import type { StimulusScene } from "../../stimulus";
import { DisplayAttachment } from "./display-attachment";
import { GlassNews } from "./display-service";
import { FlipReporter } from "./flip-reporter";
import type { Presented, Showing } from "./glass/glass";
import type { WorkerGlassEvents } from "./glass/worker-glass";
import { NO_WINDOW, ownWindow } from "./own-window";
import type { OwnWindow } from "./own-window";
import type { PhysicalSize } from "./physical-size";

/** Flips of a minute at 240 Hz. */
const MOST_FLIPS = 60 * 240;
/** A window that is opened is moved and made full screen at once; the worker need not hear of each step. */
const SETTLED_MS = 250;
/** Whoever is told of a loss need not be told of each batch. */
const LOSS_TOLD_EVERY_MS = 5000;

/** The part of a channel that is needed. */
export interface WorkerChannel {
  readonly state: {
    readonly phase: string;
    readonly server?: { readonly epoch: bigint } | undefined;
    readonly clock?: { readonly offsetNs: bigint; readonly errorNs: bigint } | undefined;
  };
  subscribe(listener: () => void): () => void;
}

/** The part of a glass that is needed. */
export interface StimulusGlass {
  show(showing: Showing): void;
  resize(widthPx: number, heightPx: number): void;
  dispose(): void;
}

export interface StimulusPageTools {
  readonly clients: {
    readonly stimulus: Client<typeof StimulusService>;
    readonly window: Client<typeof WindowService> | undefined;
    readonly notification: Client<typeof NotificationService>;
  };
  readonly channel: WorkerChannel;
  readonly makeGlass: (events: WorkerGlassEvents) => StimulusGlass;
  /** Shows a sentence in the window; empty: nothing but the stimulus. */
  readonly say: (sentence: string) => void;
  /** The page's clock. */
  readonly nowMs: () => number;
  readonly newId: () => string;
}

export class StimulusPage {
  /** What is on the glass. */
  readonly news = new GlassNews();
  readonly #tools: StimulusPageTools;
  readonly #glass: StimulusGlass;
  readonly #log = new FlipLog(MOST_FLIPS);
  readonly #fit = new ClockFit();
  readonly #attachment: DisplayAttachment;
  readonly #reporter: FlipReporter;
  readonly #ends: (() => void)[];
  #scene: StimulusScene | undefined;
  /** The worker of now has had this display attached. */
  #begun = false;
  #window: OwnWindow = NO_WINDOW;
  #size: PhysicalSize | undefined;
  #renderer = "";
  #refusal = "The stimulus is not connected yet.";
  #lossToldMs = -Infinity;
  #settling: ReturnType<typeof setTimeout> | undefined;

  /** Works until it is stopped. */
  constructor(tools: StimulusPageTools) {
    this.#tools = tools;
    this.#glass = tools.makeGlass({
      onReady: (renderer) => this.#onReady(renderer),
      onPresented: (presented) => this.#onPresented(presented),
      onProblem: (problem) => this.#onProblem(problem),
    });
    this.#attachment = new DisplayAttachment(
      tools.clients.stimulus,
      {
        onBegun: () => {
          this.#begun = false;
          this.#log.restart();
          this.#fit.restart();
        },
        onScene: (scene) => {
          this.#begun = true;
          this.#scene = readScene(scene);
          this.#refusal = "";
          this.#show();
        },
        onDetached: (reason) => {
          // Grey as grey as it was, and nothing moves.
          if (this.#scene) this.#scene = { ...this.#scene, sweep: undefined };
          this.#refusal = reason;
          this.#show();
        },
      },
      tools.newId,
    );
    this.#reporter = new FlipReporter({
      client: tools.clients.stimulus,
      log: this.#log,
      attachmentId: () => this.#attachment.id,
      clock: () => this.#fit.at(this.#nowNs()),
      onGivenUp: (reason) => this.#tellLoss(reason),
    });
    this.#ends = [tools.channel.subscribe(() => this.#onChannel()), this.#watchWindow()];
    this.#onChannel();
    this.#show();
  }

  /** The canvas has these physical pixels. */
  resize(size: PhysicalSize): void {
    this.#size = size;
    this.#glass.resize(size.widthPx, size.heightPx);
    this.news.tell({ widthPx: size.widthPx, heightPx: size.heightPx });
    this.#tellDisplay();
  }

  /** The page is about to go: what can still be reported is. */
  leave(): void {
    void this.#reporter.flush();
  }

  stop(): void {
    clearTimeout(this.#settling);
    for (const end of this.#ends) end();
    this.#reporter.stop();
    this.#attachment.stop();
    this.#glass.dispose();
  }

  #onReady(renderer: string): void {
    this.#renderer = renderer;
    this.news.tell({ renderer });
    this.#tellDisplay();
  }

  #onProblem(problem: string): void {
    this.news.tell({ problem });
    if (this.#renderer !== "") return;
    // It never drew: a display that shows nothing must not keep another from the stimulus.
    this.#refusal = problem;
    this.#show();
  }

  #onPresented({ flip, bar, timing }: Presented): void {
    // Flips before the first attachment are nobody's; those while the worker is away are brought when it is back.
    if (this.#begun) this.#log.add(flip);
    this.news.tell({
      flipIndex: BigInt(timing.flips),
      sceneNumber: flip.sceneNumber,
      angleDeg: bar?.angleDeg,
      direction: flip.direction,
      reversed: bar?.reversed ?? false,
      refreshRateHz: timing.refreshRateHz,
      jitterMs: timing.jitterMs,
      missedRefreshes: BigInt(timing.missedRefreshes),
      lostFlips: BigInt(this.#log.lost),
    });
  }

  #tellLoss(reason: string): void {
    const nowMs = this.#tools.nowMs();
    if (nowMs - this.#lossToldMs < LOSS_TOLD_EVERY_MS) return;
    this.#lossToldMs = nowMs;
    const told = this.#tools.clients.notification.postNotification({
      severity: Severity.ERROR,
      source: "stimulus",
      code: "flips_refused",
      message: `${this.#log.lost} flips were shown that the worker does not take. ${reason}`.slice(0, 2000),
      remedy: "Close the stimulus window and open it again. Look at the sweeps of that time before you use them.",
    });
    // A worker that does not answer has the numbers that are missing all the same.
    told.catch(() => undefined);
  }

  #onChannel(): void {
    const { phase, server, clock } = this.#tools.channel.state;
    if (phase === "live" && server) this.#attachment.meet(server.epoch);
    if (!clock) return;
    this.#fit.add({ pageNs: this.#nowNs(), offsetNs: clock.offsetNs, errorNs: clock.errorNs });
    this.#show();
  }

  #show(): void {
    const scene = this.#scene;
    const clockOffsetNs = this.#fit.at(this.#nowNs())?.offsetNs;
    this.#glass.show({ scene, clockOffsetNs });
    this.#tools.say(this.#window.fullScreen ? "" : this.#refusal);
  }

  #watchWindow(): () => void {
    const { window } = this.#tools.clients;
    if (!window) return () => undefined;
    const stream = keepStream({
      open: (signal) => window.watchWindows({}, { signal }),
      take: ({ state }) => {
        if (!state) return;
        this.#window = ownWindow(state);
        this.#tellDisplay();
        this.#show();
      },
    });
    return () => stream.stop();
  }

  #tellDisplay(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      if (!this.#size || this.#renderer === "") return;
      this.#attachment.tell({ ...this.#window, ...this.#size, renderer: this.#renderer.slice(0, 300) });
    }, SETTLED_MS);
  }

  #nowNs(): bigint {
    return BigInt(Math.round(this.#tools.nowMs() * 1e6));
  }
}
