import type { ByteDuplex } from "../../src/links";
import type { SimulatedProcess } from "./process";
import type { Random } from "./random";
import type { Trace } from "./trace";
import type { VirtualTime } from "./virtual-time";

/** What a stream of bytes does to what it carries. */
export interface FaultStreamOptions {
  readonly name: string;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly trace: Trace;
  readonly ends: readonly [SimulatedProcess, SimulatedProcess];
  /** With so many bytes in it the stream says that it has enough. */
  readonly roomBytes: number;
  readonly bytesPerMs: number;
  readonly delayMs: readonly [least: number, most: number];
  /** How often reads are of a few bytes, how often of whatever is there; the rest are of a usual size. */
  readonly tinyReads: number;
  readonly largeReads: number;
  /** Told when bytes came to an end twice. */
  readonly onFalsified: (end: 0 | 1) => void;
}

/** Two ends of a stream of bytes, as a socket is, and the hand that breaks it. */
export class FaultStream {
  readonly ends: readonly [StreamEnd, StreamEnd];
  readonly #options: FaultStreamOptions;
  #broken = false;

  constructor(options: FaultStreamOptions) {
    this.#options = options;
    const first = new StreamEnd(options, 0);
    const second = new StreamEnd(options, 1);
    first.peer = second;
    second.peer = first;
    this.ends = [first, second];
  }

  get broken(): boolean {
    return this.#broken || this.ends.every((end) => end.closed);
  }

  /** Nobody reads at this end for so long. */
  hold(end: 0 | 1, forMs: number): void {
    this.ends[end].holdUntilMs = this.#options.time.now() + forMs;
  }

  /** The bytes of the next read at this end come a second time, as no stream does that works. */
  duplicateNext(end: 0 | 1): void {
    this.ends[end].duplicates += 1;
  }

  /** Nothing passes any more and nobody is told. After these times the ends hear of it; infinite is never. */
  sever(tellFirstMs: number, tellSecondMs: number): void {
    this.#broken = true;
    [tellFirstMs, tellSecondMs].forEach((afterMs, index) => {
      const end = this.ends[index]!;
      end.severed = true;
      if (afterMs !== Number.POSITIVE_INFINITY) {
        this.#options.time.after(afterMs, () => end.hangUp(new Error("connection reset")));
      }
    });
  }
}

/** One end. */
export class StreamEnd implements ByteDuplex {
  severed = false;
  duplicates = 0;
  holdUntilMs = 0;
  peer: StreamEnd | undefined;
  readonly #options: FaultStreamOptions;
  readonly #process: SimulatedProcess;
  #closed = false;
  #onData: (chunk: Uint8Array) => void = () => undefined;
  #onDrain: () => void = () => undefined;
  readonly #onClose: ((error?: Error) => void)[] = [];
  readonly #onWrite: ((chunk: Uint8Array) => void)[] = [];
  /** Bytes on their way to this end, and whether the end of the stream follows them. */
  #coming: Uint8Array[] = [];
  #comingBytes = 0;
  #ending = false;
  #reading = false;
  #wantsDrain = false;

  readonly #index: 0 | 1;

  constructor(options: FaultStreamOptions, index: 0 | 1) {
    this.#options = options;
    this.#index = index;
    this.#process = options.ends[index];
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Bytes that were written here and not read at the other end. */
  get unreadBytes(): number {
    return this.peer?.comingBytes ?? 0;
  }

  get comingBytes(): number {
    return this.#comingBytes;
  }

  write(chunk: Uint8Array): boolean {
    if (this.#closed || !this.#process.alive) {
      return true;
    }
    this.#onWrite.forEach((listener) => listener(chunk));
    this.peer?.comes(chunk);
    const full = this.unreadBytes >= this.#options.roomBytes;
    this.#wantsDrain ||= full;
    return !full;
  }

  onWrite(listener: (chunk: Uint8Array) => void): void {
    this.#onWrite.push(listener);
  }

  onDrain(listener: () => void): void {
    this.#onDrain = listener;
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.#onData = listener;
  }

  onClose(listener: (error?: Error) => void): void {
    this.#onClose.push(listener);
  }

  destroy(afterWrites = false): void {
    if (this.#closed) {
      return;
    }
    this.#close();
    if (this.#process.alive) {
      this.peer?.ends(afterWrites);
    }
  }

  hangUp(error: Error): void {
    this.#process.deliver(() => this.#close(error));
  }

  comes(chunk: Uint8Array): void {
    if (chunk.length > 0 && !this.#closed) {
      this.#coming.push(chunk);
      this.#comingBytes += chunk.length;
      this.#readLater();
    }
  }

  ends(afterWrites: boolean): void {
    this.#ending = true;
    if (!afterWrites) {
      this.#coming = [];
      this.#comingBytes = 0;
    }
    this.#readLater();
  }

  #readLater(bytesBefore = 0): void {
    if (!this.#reading) {
      this.#reading = true;
      const { time, random, delayMs, bytesPerMs } = this.#options;
      const [least, most] = delayMs;
      const delay = least + random.fraction() * (most - least) + bytesBefore / bytesPerMs;
      time.after(delay, () => this.#arrive());
    }
  }

  #arrive(): void {
    const { time } = this.#options;
    if (this.holdUntilMs > time.now()) {
      time.after(this.holdUntilMs - time.now(), () => this.#arrive());
    } else {
      this.#process.deliver(() => this.#read());
    }
  }

  #read(): void {
    this.#reading = false;
    if (this.severed || this.#closed) {
      return;
    }
    if (this.#comingBytes === 0) {
      if (this.#ending) {
        this.#options.trace.add(`${this.#options.name} → ${this.#process.name} ended`);
        this.#close();
      }
      return;
    }
    const chunk = this.#take(Math.min(this.#comingBytes, this.#readBytes()));
    this.#options.trace.add(`${this.#options.name} → ${this.#process.name} ${chunk.length} B`);
    this.#onData(chunk);
    if (this.duplicates > 0) {
      this.duplicates -= 1;
      this.#options.onFalsified(this.#index);
      this.#options.trace.tally("fault: bytes came twice");
      this.#onData(chunk);
    }
    this.peer?.drained();
    if (this.#comingBytes > 0 || this.#ending) {
      this.#readLater(chunk.length);
    }
  }

  /** Told at the sending end when the other has read. */
  drained(): void {
    if (this.#wantsDrain && this.unreadBytes < this.#options.roomBytes / 2) {
      this.#wantsDrain = false;
      this.#process.deliver(() => (this.#closed ? undefined : this.#onDrain()));
    }
  }

  #readBytes(): number {
    const { random, tinyReads, largeReads, trace } = this.#options;
    const kind = random.fraction();
    if (kind < tinyReads && this.#comingBytes < 65_536) {
      trace.tally("fault: read split");
      return random.whole(1, 24);
    }
    if (kind < tinyReads + largeReads) {
      trace.tally("fault: reads joined");
      return 1 << 20;
    }
    return this.#comingBytes < 65_536 ? random.wholeMagnitude(16, 65_536) : random.wholeMagnitude(65_536, 1 << 19);
  }

  #take(bytes: number): Uint8Array {
    const chunk = new Uint8Array(bytes);
    let filled = 0;
    while (filled < bytes) {
      const first = this.#coming[0]!;
      const part = first.subarray(0, bytes - filled);
      chunk.set(part, filled);
      filled += part.length;
      if (part.length === first.length) {
        this.#coming.shift();
      } else {
        this.#coming[0] = first.subarray(part.length);
      }
    }
    this.#comingBytes -= bytes;
    return chunk;
  }

  #close(error?: Error): void {
    if (!this.#closed) {
      this.#closed = true;
      this.#coming = [];
      this.#comingBytes = 0;
      this.#onClose.forEach((listener) => listener(error));
    }
  }
}
