import { readConnection, readLane } from "./frame";
import { LINK_CONNECTION } from "./protocol";

const LANES = 4;
const COMPACT_AFTER = 64;

/** What may wait on a link before its other end counts as one that does not read: all that the credits of several connections let travel. */
export const MOST_WAITING_BYTES = 64 * 1024 * 1024;

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

/** One lane: the frames of a connection in order, the connections in turn. */
class Lane {
  /** Only connections with frames; whoever's turn is next comes first. */
  readonly #waiting = new Map<number, Fifo>();

  push(connection: number, frame: Uint8Array): void {
    let frames = this.#waiting.get(connection);
    if (frames === undefined) {
      frames = new Fifo();
      this.#waiting.set(connection, frames);
    }
    frames.push(frame);
  }

  shift(): Uint8Array | undefined {
    if (this.#waiting.size === 0) {
      return undefined;
    }
    // What the link says of a connection goes before the frames of that connection.
    const connection = this.#waiting.has(LINK_CONNECTION) ? LINK_CONNECTION : this.#waiting.keys().next().value;
    const frames = connection === undefined ? undefined : this.#waiting.get(connection);
    if (connection === undefined || frames === undefined) {
      return undefined;
    }
    const frame = frames.shift();
    if (frames.length === 0) {
      this.#waiting.delete(connection);
    } else if (this.#waiting.size > 1 && connection !== LINK_CONNECTION) {
      this.#waiting.delete(connection);
      this.#waiting.set(connection, frames);
    }
    return frame;
  }

  /** Drops the frames of a connection; how many they were. */
  forget(connection: number): number {
    const frames = this.#waiting.get(connection)?.length ?? 0;
    this.#waiting.delete(connection);
    return frames;
  }
}

/** Frames that wait to be sent: a lower lane goes first, strictly; within a lane the connections take turns, and each keeps its order. */
export class LaneQueue {
  #lanes = Array.from({ length: LANES }, () => new Lane());
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
    const connection = readConnection(frame);
    this.#lanes[lane - 1]?.push(connection, frame);
    this.#frames += 1;
    this.#count(connection, frame.byteLength);
  }

  /** Takes the most urgent frame; undefined when none waits. */
  shift(): Uint8Array | undefined {
    for (const lane of this.#lanes) {
      const frame = lane.shift();
      if (frame !== undefined) {
        this.#frames -= 1;
        this.#count(readConnection(frame), -frame.byteLength);
        return frame;
      }
    }
    return undefined;
  }

  /** Drops what waits of a connection that was closed. */
  forget(connection: number): void {
    for (const lane of this.#lanes) {
      this.#frames -= lane.forget(connection);
    }
    this.#count(connection, -this.bytesOf(connection));
  }

  /** Forgets everything. */
  clear(): void {
    this.#lanes = Array.from({ length: LANES }, () => new Lane());
    this.#frames = 0;
    this.#bytes = 0;
    this.#bytesOf.clear();
  }

  #count(connection: number, bytes: number): void {
    this.#bytes += bytes;
    const waiting = this.bytesOf(connection) + bytes;
    if (waiting === 0) {
      this.#bytesOf.delete(connection);
    } else {
      this.#bytesOf.set(connection, waiting);
    }
  }
}
