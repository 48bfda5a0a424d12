/** A stage in memory: it shows the tests that are asked for, and takes a display's flips; the rest a test or the gallery sets. */
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ConnectRouter } from "@connectrpc/connect";
import { Direction } from "../../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { SceneSchema, StimulusService, StimulusStateSchema } from "../../../gen/ts/macroscope/stimulus/v1/stimulus_pb";
import type {
  AttachDisplayRequest,
  FlipBatch,
  Scene,
  StimulusState,
} from "../../../gen/ts/macroscope/stimulus/v1/stimulus_pb";
import { DISPLAY, STIMULUS } from "../../stimulus/support/scenes";
import { Feed } from "./feed";

type Answer = <Result>(method: string, request: unknown, work: () => Result) => Result;

/** Where a test's bar starts and ends, by direction. */
const ENDS: Readonly<Partial<Record<Direction, readonly [number, number]>>> = {
  [Direction.LEFT_TO_RIGHT]: [-95, 35],
  [Direction.RIGHT_TO_LEFT]: [35, -95],
  [Direction.TOP_TO_BOTTOM]: [65, -20],
  [Direction.BOTTOM_TO_TOP]: [-20, 65],
};

const SWEEP_NS = 14_000_000_000n;

export class FakeStimulus {
  readonly states = new Feed<StimulusState>(
    create(StimulusStateSchema, { revision: 1n, scene: { number: 1n, display: DISPLAY, stimulus: STIMULUS } }),
  );
  readonly scenes = new Feed<Scene>(create(SceneSchema, { number: 1n, display: DISPLAY, stimulus: STIMULUS }));
  /** Displays that have attached, newest last. */
  readonly attached: AttachDisplayRequest[] = [];
  /** Batches that were taken, newest last. */
  readonly batches: FlipBatch[] = [];
  /** The first scene of a hold waits for it. */
  firstScene: Promise<void> = Promise.resolve();
  private hold: AbortController | undefined;
  /** Number of the flip that is expected next. */
  nextIndex = 0n;

  register(router: ConnectRouter, answer: Answer): void {
    router.service(StimulusService, {
      attachDisplay: (request, { signal }) => {
        const feed = answer("attachDisplay", request, () => this.scenes);
        this.attached.push(request);
        // A new hold takes the place of the older one, whose stream ends.
        this.hold?.abort();
        const hold = new AbortController();
        this.hold = hold;
        signal.addEventListener("abort", () => hold.abort());
        return scenesOf(feed, hold.signal, this.firstScene);
      },
      reportFlips: (request) =>
        answer("reportFlips", request, () => {
          const { batch } = request;
          if (!batch) throw new ConnectError("A batch is needed.", Code.InvalidArgument);
          this.batches.push(batch);
          this.nextIndex = batch.firstIndex + BigInt(batch.pageNs.length);
          return { nextIndex: this.nextIndex };
        }),
      watchStimulus: (_, { signal }) => statesOf(this.states, signal),
      showTest: (request) => answer("showTest", request, () => ({ state: this.test(request.direction) })),
    });
  }

  /** Changes the state and tells everyone. */
  change(change: Partial<StimulusState>): StimulusState {
    const before = this.states.current;
    this.states.push(create(StimulusStateSchema, { ...before, ...change, revision: before.revision + 1n }));
    return this.states.current;
  }

  /** Changes the scene that the display is told, and the state with it. */
  show(change: Partial<Scene>): Scene {
    const before = this.scenes.current;
    const scene = create(SceneSchema, { ...before, ...change, number: before.number + 1n });
    this.scenes.push(scene);
    this.change({ scene });
    return scene;
  }

  private test(direction: Direction): StimulusState {
    const startedNs = BigInt(Math.round(performance.now() * 1e6));
    const [fromDeg, toDeg] = ENDS[direction] ?? [0, 0];
    const testing = direction !== Direction.UNSPECIFIED;
    this.show({
      sweep: testing
        ? {
            $typeName: "macroscope.stimulus.v1.BarSweep",
            direction,
            fromDeg,
            toDeg,
            startedNs,
            endedNs: startedNs + SWEEP_NS,
          }
        : undefined,
    });
    return this.change({ testing });
  }
}

async function* scenesOf(feed: Feed<Scene>, signal: AbortSignal, first: Promise<void>) {
  await first;
  for await (const scene of feed.watch(signal)) yield { scene };
}

async function* statesOf(feed: Feed<StimulusState>, signal: AbortSignal) {
  for await (const state of feed.watch(signal)) yield { state };
}
