import { readConnection, readLane } from "./frame";

const LANES = 4;
const COMPACT_AFTER = 64;

/** First in, first out, without moving what waits at each removal. */
class Fifo {
  #items: (Uint8Array | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(frame: Uint8Array): void {
    this.#items.push(frame);
  }

  shift(): Uint8Array | undefined {
    const frame = this.#items[this.#head];
    if (frame === undefined) {
      return undefined;
    }
    this.#items[this.#head++] = undefined;
    if (this.#head >= COMPACT_AFTER && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return frame;
  }
}

/** Frames that wait to be sent: a lower lane goes first, strictly; within a lane the order stays. */
export class LaneQueue {
  #lanes = Array.from({ length: LANES }, () => new Fifo());
  #frames = 0;
  #bytes = 0;
  /** By connection; only those with some. */
  #bytesOf = new Map<number, number>();

  /** Frames that wait. */
  get frames(): number {
    return this.#frames;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of one connection that wait. */
  bytesOf(connection: number): number {
    return this.#bytesOf.get(connection) ?? 0;
  }

  /** Adds a frame to the lane in its header. */
  push(frame: Uint8Array): void {
    const lane = Math.min(Math.max(readLane(frame), 1), LANES);
    this.#lanes[lane - 1]?.push(frame);
    this.#frames += 1;
    this.#count(frame, frame.byteLength);
  }

  /** Takes the most urgent frame; undefined when none waits. */
  shift(): Uint8Array | undefined {
    for (const lane of this.#lanes) {
      const frame = lane.shift();
      if (frame !== undefined) {
        this.#frames -= 1;
        this.#count(frame, -frame.byteLength);
        return frame;
      }
    }
    return undefined;
  }

  /** Forgets everything. */
  clear(): void {
    this.#lanes = Array.from({ length: LANES }, () => new Fifo());
    this.#frames = 0;
    this.#bytes = 0;
    this.#bytesOf.clear();
  }

  #count(frame: Uint8Array, bytes: number): void {
    this.#bytes += bytes;
    const connection = readConnection(frame);
    const waiting = this.bytesOf(connection) + bytes;
    if (waiting === 0) {
      this.#bytesOf.delete(connection);
    } else {
      this.#bytesOf.set(connection, waiting);
    }
  }
}
