import { Code, ConnectError } from "@connectrpc/connect";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { CameraService } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { ConformanceService } from "../../gen/ts/macroscope/conformance/v1/conformance_pb";
import type { Instructions } from "../../gen/ts/macroscope/conformance/v1/conformance_pb";
import { createServer } from "../../src/rpc";
import type { Clock, Server } from "../../src/rpc";
import type { Ledger, Run } from "./ledger";
import { patternBytes } from "./pattern";
import type { SimulatedProcess } from "./process";
import type { Objection } from "./watched-link";

/** Names a call where its request cannot. */
export const LABEL_HEADER = "x-label";

/** A program that serves: the worker, and the host for itself. */
export class ServerProcess {
  readonly server: Server;
  /** Of the state that everybody watches. */
  revision = 1;
  /** Handlers that run. */
  readonly running = new Set<Run>();
  #changed = Promise.withResolvers<undefined>();

  constructor(
    readonly process: SimulatedProcess,
    readonly epoch: number,
    private readonly ledger: Ledger,
    object: Objection,
  ) {
    this.server = createServer({
      build: process.name,
      session: `${process.name} ${epoch}`,
      epoch: BigInt(epoch),
      clock: process.clock,
      onHandlerError: (error, method) => object(`The handler of ${method} failed: ${String(error)}`),
    });
    this.server.register(ConformanceService, this.#conformance()).register(CameraService, this.#camera());
  }

  /** The state changes. */
  change(): void {
    this.revision += 1;
    this.#changed.resolve(undefined);
    this.#changed = Promise.withResolvers();
  }

  #conformance(): Partial<ServiceImpl<typeof ConformanceService>> {
    const unary = async ({ instructions }: { instructions?: Instructions }, context: HandlerContext) => {
      const { label = "", delayMs = 0, payloadBytes = 0, failure } = instructions ?? {};
      return this.#track(label, async (run) => {
        await sleep(this.process.clock, delayMs, context.signal);
        if (failure !== undefined) {
          throw new ConnectError(failure.message, failure.code as number);
        }
        run.answered = true;
        return { answer: { index: 0, payload: patternBytes(payloadBytes, 0) } };
      });
    };
    return {
      call: unary,
      callAgain: unary,
      callUrgently: unary,
      stream: ({ instructions }, context) => this.#stream(instructions!, context),
      watch: ({ instructions }, context) => this.#watch(instructions!, context),
    };
  }

  #camera(): Partial<ServiceImpl<typeof CameraService>> {
    return { watchPreview: (_request, context) => this.#preview(context) };
  }

  async *#stream({ label, answers, tailBytes, pauseMs, failure }: Instructions, { signal }: HandlerContext) {
    const run = this.#begin(label);
    try {
      for (let index = 0; index < answers; index++) {
        if (pauseMs > 0) {
          await sleep(this.process.clock, pauseMs, signal);
        }
        run.made += 1;
        yield { answer: { index }, block: { pixels: patternBytes(tailBytes, index) } };
      }
      if (failure !== undefined) {
        throw new ConnectError(failure.message, failure.code as number);
      }
      run.answered = true;
    } finally {
      this.#end(label, run);
    }
  }

  async *#watch({ label, payloadBytes }: Instructions, { signal }: HandlerContext) {
    const run = this.#begin(label);
    const aborted = new Promise<undefined>((resolve) => signal.addEventListener("abort", () => resolve(undefined)));
    try {
      while (!signal.aborted) {
        const changed = this.#changed.promise;
        const answer = { index: run.made, payload: patternBytes(payloadBytes, run.made) };
        run.made += 1;
        yield { answer, revision: BigInt(this.revision) };
        await Promise.race([changed, aborted]);
      }
    } finally {
      this.#end(label, run);
    }
  }

  async *#preview({ signal, requestHeader }: HandlerContext) {
    const [label = "", everyMs, pixels] = (requestHeader.get(LABEL_HEADER) ?? "").split(" ");
    const run = this.#begin(label);
    try {
      for (;;) {
        await sleep(this.process.clock, Number(everyMs), signal);
        const index = run.made;
        run.made += 1;
        yield { frame: { frameId: BigInt(index), pixels: patternBytes(Number(pixels), index) } };
      }
    } finally {
      this.#end(label, run);
    }
  }

  async #track<T>(label: string, work: (run: Run) => Promise<T>): Promise<T> {
    const run = this.#begin(label);
    try {
      return await work(run);
    } finally {
      this.#end(label, run);
    }
  }

  #begin(label: string): Run {
    const run = this.ledger.run(label, `${this.process.name} ${this.epoch}`);
    this.running.add(run);
    return run;
  }

  #end(label: string, run: Run): void {
    this.ledger.endRun(label, run);
    this.running.delete(run);
  }
}

/** Resolves after the time; rejects at once when the call ends before. */
function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clock.clearTimeout(timer);
      reject(new ConnectError("The call has ended.", Code.Canceled));
    };
    const timer = clock.setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, delayMs);
    if (signal.aborted) {
      stop();
    } else {
      signal.addEventListener("abort", stop);
    }
  });
}
