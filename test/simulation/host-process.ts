import { create } from "@bufbuild/protobuf";
import { WorkerPhase, WorkerProcessSchema } from "../../gen/ts/macroscope/application/v1/application_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { Switchboard } from "../../src/host/switchboard";
import { byteStreamLink } from "../../src/links";
import { acceptAuthentication, authenticate, createMultiplexer } from "../../src/rpc";
import type { Link, Multiplexer } from "../../src/rpc";
import { FaultStream } from "./fault-stream";
import type { Ledger } from "./ledger";
import { SimulatedProcess } from "./process";
import type { Random } from "./random";
import { ServerProcess } from "./server-process";
import type { Trace } from "./trace";
import type { VirtualTime } from "./virtual-time";
import { WatchedLink } from "./watched-link";
import type { Objection } from "./watched-link";

/** A link on which bytes came twice is ended from outside after so long. */
const FALSIFIED_ENDS_AFTER_MS = 6_000;
const TOKEN = "0123456789abcdef0123456789abcdef";

/** What the worlds of a seed have in common. */
export interface WorldParts {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly trace: Trace;
  readonly ledger: Ledger;
  readonly object: Objection;
  /** What was not as it was sent, because bytes came twice: requests, answers. Then their content proves nothing. */
  readonly falsified: { requests: boolean; answers: boolean };
}

/** How the stream between host and worker is in this world. */
export interface StreamManner {
  readonly roomBytes: number;
  readonly bytesPerMs: number;
  readonly delayMs: readonly [number, number];
  readonly tinyReads: number;
  readonly largeReads: number;
}

/** One life of the worker. */
export interface WorkerLife {
  readonly serving: ServerProcess;
  readonly stream: FaultStream;
  readonly links: readonly WatchedLink[];
  multiplexer: Multiplexer | undefined;
}

/** The host: the real switch, and what starts a worker again after the last one was lost. */
export class HostProcess {
  readonly process: SimulatedProcess;
  readonly serving: ServerProcess;
  readonly switchboard: Switchboard;
  worker: WorkerLife | undefined;
  /** No worker is started any more. */
  closing = false;
  #epochs = 0;

  constructor(
    private readonly parts: WorldParts,
    private readonly manner: StreamManner,
  ) {
    const { time, random, ledger, object } = parts;
    this.process = new SimulatedProcess("host", time, random.whole(0, 1_000_000));
    this.serving = new ServerProcess(this.process, 1, ledger, object);
    this.switchboard = new Switchboard(this.serving.server, () =>
      create(WorkerProcessSchema, { phase: WorkerPhase.RESTARTING, reason: "There is no worker now." }),
    );
  }

  attachWindow(port: Link, label: string): void {
    this.switchboard.attachWindow(port, { role: Role.OPERATOR, label });
  }

  startWorker(): void {
    const { time, random, trace, ledger, object, falsified } = this.parts;
    const epoch = ++this.#epochs;
    const process = new SimulatedProcess(`worker${epoch}`, time, random.whole(0, 1_000_000));
    const serving = new ServerProcess(process, epoch, ledger, object);
    const name = `stream${epoch}`;
    const stream = new FaultStream({
      ...this.manner,
      name,
      time,
      trace,
      random: random.fork(name),
      ends: [this.process, process],
      onFalsified: (end) => {
        falsified[end === 0 ? "answers" : "requests"] = true;
        // Most often the framing breaks at once. At times what now stands for a length is believed, and everybody waits for the rest.
        time.after(FALSIFIED_ENDS_AFTER_MS, () => {
          trace.tally(
            stream.broken
              ? "outcome: link ended by bytes that came twice"
              : "outcome: link stuck by bytes that came twice",
          );
          stream.sever(0, 0);
        });
      },
    });
    const links = stream.ends.map((end, index) => {
      const link = new WatchedLink(`${name}.${index}`, byteStreamLink(end), object);
      end.onWrite((chunk) => link.wrote(chunk));
      return link;
    });
    const [near, far] = links as [WatchedLink, WatchedLink];
    const life: WorkerLife = { serving, stream, links, multiplexer: undefined };
    this.worker = life;
    trace.add(`worker ${epoch} starts`);
    acceptAuthentication(far, TOKEN, { pid: epoch, epoch: BigInt(epoch) }, process.clock).then(
      () => {
        life.multiplexer = createMultiplexer(far, {
          accept: ({ role, label }, link) => serving.server.accept(link, { role, label }),
        });
      },
      () => trace.add(`worker ${epoch}: not authenticated`),
    );
    stream.ends[0].onClose(() => this.#onLoss(life));
    authenticate(near, TOKEN, this.process.clock).then(
      () => this.switchboard.attachWorker(near),
      () => this.#onLoss(life),
    );
  }

  /** Its worker is gone, or cannot be reached: that one's life-line ends it, and another starts after a pause. */
  #onLoss(life: WorkerLife): void {
    if (this.worker !== life) {
      return;
    }
    const { time, random, trace } = this.parts;
    trace.add(`host: worker ${life.serving.epoch} is lost`);
    this.worker = undefined;
    this.switchboard.detachWorker();
    life.serving.process.kill();
    life.stream.sever(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    if (!this.closing) {
      time.after(random.whole(50, 800), () => this.startWorker());
    }
  }
}
