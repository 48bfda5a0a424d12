/** The product's side of a page: its own client code, to host and worker. */
import { type Client, type ContextValues, createContextValues } from "@connectrpc/connect";
import { CameraService } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { DiagnosticsService } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { messagePortLink } from "../../../src/links";
import { type Channel, createChannel, createClient, createMultiplexer, streamCredit } from "../../../src/rpc";
import type { PageActions, StreamWork } from "./actions";
import { megabytesPerSecond, timed } from "./rate";

const PAYLOAD = new Uint8Array(64);
/** More messages than any run takes. */
const ENDLESS = 1_000_000;

/** Lets so many messages of a size travel: a bulk reader asks for a larger window than a preview has. */
function credit({ bytes, inFlight }: Pick<StreamWork, "bytes" | "inFlight">): ContextValues {
  return createContextValues().set(streamCredit, { messages: inFlight, bytes: inFlight * bytes });
}

const pause = (delayMs: number) => new Promise((resolve) => setTimeout(resolve, delayMs));

/** The product in this page. */
export class Product {
  readonly #worker: Channel;
  readonly #clients: Readonly<Record<"host" | "worker", Client<typeof DiagnosticsService>>>;
  readonly #camera: Client<typeof CameraService>;
  #resting = new AbortController();

  private constructor(host: Channel, worker: Channel) {
    this.#worker = worker;
    this.#clients = {
      host: createClient(DiagnosticsService, host.transport),
      worker: createClient(DiagnosticsService, worker.transport),
    };
    this.#camera = createClient(CameraService, worker.transport);
  }

  /** Dials both servers over one port, and waits until they are there. */
  static async connect(port: MessagePort): Promise<Product> {
    const multiplexer = createMultiplexer(messagePortLink(port));
    const live = async (target: string) => {
      const channel = createChannel({
        dial: () => multiplexer.open({ target, role: Role.OPERATOR, label: "bench" }),
        label: "bench",
        role: Role.OPERATOR,
        build: "bench",
      });
      await new Promise<void>((resolve) => {
        channel.subscribe(({ phase }) => {
          if (phase === "live") resolve();
        });
      });
      return channel;
    };
    return new Product(await live("host"), await live("worker"));
  }

  readonly flood: PageActions["flood"] = async ({ target, messages, bytes, inFlight }) => {
    const start = performance.now();
    let received = 0;
    const request = { messageBytes: bytes, messages };
    const options = { contextValues: credit({ bytes, inFlight }) };
    for await (const { block } of this.#clients[target].flood(request, options)) received += block.length;
    if (received !== messages * bytes) throw new Error(`${String(received)} bytes arrived`);
    return megabytesPerSecond(received, start);
  };

  readonly floodFor: PageActions["floodFor"] = async ({ bytes, inFlight, durationMs }) => {
    const start = performance.now();
    let received = 0;
    const request = { messageBytes: bytes, messages: ENDLESS };
    for await (const { block } of this.#clients.worker.flood(request, { contextValues: credit({ bytes, inFlight }) })) {
      received += block.length;
      if (performance.now() - start >= durationMs) break;
    }
    return megabytesPerSecond(received, start);
  };

  readonly echoes: PageActions["echoes"] = ({ calls }) =>
    timed(calls, () => this.#clients.worker.echo({ payload: PAYLOAD }));

  readonly probes: PageActions["probes"] = async ({ probes, flooded, bytes, inFlight }) => {
    const done = new AbortController();
    const flood = flooded ? this.#floodUntil(done.signal, { bytes, inFlight }) : Promise.resolve(0);
    const handledMs: number[] = [];
    const answeredMs: number[] = [];
    for (let index = 0; index < probes; index += 1) {
      // Uneven pauses, so that probes meet the flood's messages in every position.
      await pause(2 + ((index * 7) % 5));
      const sent = performance.now();
      const { handledNs } = await this.#clients.worker.probeStop({});
      answeredMs.push(performance.now() - sent);
      const offsetNs = this.#worker.state.clock?.offsetNs;
      if (offsetNs === undefined) throw new Error("The worker's clock was not measured yet.");
      handledMs.push(Number(handledNs - offsetNs) / 1e6 - sent);
    }
    done.abort();
    if (flooded && (await flood) < probes) throw new Error("The flood did not flow.");
    return { handledMs, answeredMs };
  };

  readonly paced: PageActions["paced"] = async ({ bytes, messagesPerSecond, callsPerSecond, durationMs }) => {
    const start = performance.now();
    const over = () => performance.now() - start >= durationMs;
    const stream = async () => {
      let messages = 0;
      for await (const { block } of this.#clients.worker.flood({ messageBytes: bytes, messages: ENDLESS })) {
        if (block.length !== bytes) throw new Error(`${String(block.length)} bytes arrived`);
        messages += 1;
        const dueMs = start + (messages / messagesPerSecond) * 1000 - performance.now();
        if (dueMs > 0) await pause(dueMs);
        if (over()) break;
      }
      return messages;
    };
    const calls = async () => {
      const times: number[] = [];
      while (!over()) {
        await pause(1000 / callsPerSecond);
        const sent = performance.now();
        await this.#clients.worker.echo({ payload: PAYLOAD });
        times.push(performance.now() - sent);
      }
      return times;
    };
    const [messages, echoMs] = await Promise.all([stream(), calls()]);
    return { messages, echoMs };
  };

  readonly work: PageActions["work"] = async () => {
    this.#resting = new AbortController();
    const { signal } = this.#resting;
    const take = async (stream: AsyncIterable<unknown>, onMessage: () => void) => {
      try {
        for await (const _ of stream) onMessage();
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    };
    const flowing = [
      this.#camera.watchPreview({ maxWidthPx: 1024, maxHeightPx: 1024, maxRateHz: 30 }, { signal }),
      this.#camera.watchCamera({}, { signal }),
      this.#clients.worker.flood({ messageBytes: 262_144, messages: ENDLESS }, { signal }),
    ].map(
      (stream) =>
        new Promise<void>((resolve, reject) => {
          take(stream, resolve).catch(reject);
        }),
    );
    await Promise.all(flowing);
  };

  readonly rest: PageActions["rest"] = async () => {
    this.#resting.abort();
    await this.#clients.worker.echo({ payload: PAYLOAD });
  };

  /** Takes a stream at full speed; how many messages there were. */
  async #floodUntil(signal: AbortSignal, work: Pick<StreamWork, "bytes" | "inFlight">): Promise<number> {
    let messages = 0;
    const request = { messageBytes: work.bytes, messages: ENDLESS };
    for await (const _ of this.#clients.worker.flood(request, { contextValues: credit(work) })) {
      messages += 1;
      if (signal.aborted) break;
    }
    return messages;
  }
}
