import type { ConnectError } from "@connectrpc/connect";
import { closeError, LinkListeners, readConnection, readLane } from "../../src/rpc";
import type { Link } from "../../src/rpc";
import { BulkBytes, MOST_BULK_BYTES } from "./bulk-limit";
import { frameLine } from "./frame-line";
import type { SimulatedProcess } from "./process";
import type { Random } from "./random";
import type { Trace } from "./trace";
import type { VirtualTime } from "./virtual-time";
import type { Objection } from "./watched-link";

/** What a link of messages does to what it carries. */
export interface FaultLinkOptions {
  readonly name: string;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly trace: Trace;
  readonly object: Objection;
  readonly ends: readonly [SimulatedProcess, SimulatedProcess];
  readonly delayMs: readonly [least: number, most: number];
  /** Told when the first end, which is still there, has been told that the link is lost. */
  readonly onLost: () => void;
  /** How likely a frame that may overtake others does. */
  readonly reorder: number;
}

/** A pair of links between two programs, as message ports are, and the hand that breaks it. */
export class FaultLink {
  readonly links: readonly [Link, Link];
  readonly #ends: readonly [LinkEnd, LinkEnd];
  readonly #options: FaultLinkOptions;
  #broken = false;

  constructor(options: FaultLinkOptions) {
    this.#options = options;
    const first = new LinkEnd(options, 0);
    const second = new LinkEnd(options, 1);
    first.peer = second;
    second.peer = first;
    this.#ends = [first, second];
    this.links = this.#ends;
  }

  get broken(): boolean {
    return this.#broken || this.#ends.every((end) => end.closed);
  }

  /** What was sent towards this end arrives so much later, and what follows behind it. */
  hold(towards: 0 | 1, forMs: number): void {
    this.#ends[towards].holdUntilMs = this.#options.time.now() + forMs;
  }

  /** The next frame towards this end comes twice. */
  duplicateNext(towards: 0 | 1): void {
    this.#ends[towards].duplicates += 1;
  }

  /** Nothing passes any more, on its way or later, and nobody is told. After these times the ends hear of it; infinite is never. */
  sever(tellFirstMs: number, tellSecondMs: number): void {
    this.#broken = true;
    [tellFirstMs, tellSecondMs].forEach((afterMs, index) => {
      const end = this.#ends[index]!;
      end.severed = true;
      if (afterMs !== Number.POSITIVE_INFINITY) {
        this.#options.time.after(afterMs, () => end.hangUp(closeError("The other end closed its port, or is gone.")));
      }
    });
  }
}

class LinkEnd implements Link {
  readonly copiesOnSend = true;
  severed = false;
  duplicates = 0;
  holdUntilMs = 0;
  peer: LinkEnd | undefined;
  readonly #options: FaultLinkOptions;
  readonly #index: 0 | 1;
  readonly #process: SimulatedProcess;
  readonly #listeners = new LinkListeners();
  /** On their way to this end, in the order of their sending. */
  readonly #coming: (Uint8Array | ConnectError)[] = [];
  readonly #bulk = new BulkBytes();
  #lastArrivalMs = 0;

  constructor(options: FaultLinkOptions, index: 0 | 1) {
    this.#options = options;
    this.#index = index;
    this.#process = options.ends[index];
  }

  get closed(): boolean {
    return this.#listeners.closed;
  }

  send(frame: Uint8Array): void {
    if (!this.closed && this.#process.alive) {
      this.peer?.comes(frame.slice());
    }
  }

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#listeners.onFrame(listener);
  }

  onClose(listener: (reason: ConnectError) => void): void {
    this.#listeners.onClose(listener);
  }

  close(reason: string | ConnectError): void {
    if (this.#listeners.close(closeError(reason)) && this.#process.alive) {
      this.peer?.comes(closeError("The other end closed its port, or is gone."));
    }
  }

  hangUp(reason: ConnectError): void {
    this.#process.deliver(() => {
      if (this.#listeners.close(reason) && this.#index === 0) {
        this.#options.onLost();
      }
    });
  }

  comes(item: Uint8Array | ConnectError): void {
    if (this.severed) {
      return;
    }
    this.#coming.push(item);
    if (item instanceof Uint8Array) {
      const bytes = this.#bulk.count(item, 1);
      if (bytes > MOST_BULK_BYTES) {
        const { object, name } = this.#options;
        object(
          `${name}: ${bytes} bytes of connection ${readConnection(item)} are on their way to ${this.#process.name}.`,
        );
      }
    }
    if (item instanceof Uint8Array && this.duplicates > 0) {
      this.duplicates -= 1;
      this.#options.trace.tally("fault: frame came twice");
      this.#coming.push(item.slice());
      this.#bulk.count(item, 1);
      this.#schedule();
    }
    this.#schedule();
  }

  #schedule(): void {
    const { time, random, delayMs } = this.#options;
    const [least, most] = delayMs;
    const arrivalMs = time.now() + least + random.fraction() * (most - least);
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, arrivalMs);
    time.after(this.#lastArrivalMs - time.now(), () => this.#arrive());
  }

  #arrive(): void {
    const { time } = this.#options;
    if (this.holdUntilMs > time.now()) {
      time.after(this.holdUntilMs - time.now(), () => this.#arrive());
    } else {
      this.#process.deliver(() => this.#take());
    }
  }

  #take(): void {
    const { trace, name } = this.#options;
    const [item] = this.#coming.splice(this.#chosen(), 1);
    if (item === undefined || this.severed) {
      return;
    }
    if (item instanceof Uint8Array) {
      this.#bulk.count(item, -1);
      trace.add(`${name} → ${this.#process.name} ${frameLine(item)}`);
      this.#listeners.frame(item);
    } else {
      trace.add(`${name} → ${this.#process.name} closed`);
      this.#listeners.close(item);
    }
  }

  /** Which of those on their way comes now: mostly the first, at times another that may overtake all before it. */
  #chosen(): number {
    const { random, reorder, trace } = this.#options;
    if (this.#coming.length < 2 || !random.chance(reorder)) {
      return 0;
    }
    const index = random.whole(1, Math.min(this.#coming.length - 1, 8));
    const item = this.#coming[index]!;
    if (this.#coming.slice(0, index).every((earlier) => mayOvertake(item, earlier))) {
      trace.tally("fault: frame overtook others");
      return index;
    }
    return 0;
  }
}

/** A link keeps the order within a lane; senders serve connections in turn, so also frames of different connections may change places. */
function mayOvertake(later: Uint8Array | ConnectError, earlier: Uint8Array | ConnectError): boolean {
  if (!(later instanceof Uint8Array) || !(earlier instanceof Uint8Array)) {
    return false;
  }
  const [one, other] = [readConnection(later), readConnection(earlier)];
  return readLane(later) !== readLane(earlier) || (one !== other && one !== 0 && other !== 0);
}
