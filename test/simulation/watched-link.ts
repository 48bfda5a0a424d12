import type { ConnectError } from "@connectrpc/connect";
import { HEADER_BYTES, readConnection, readLane, readLinkFrame } from "../../src/rpc";
import type { Link } from "../../src/rpc";
import { MOST_BULK_BYTES } from "./bulk-limit";

interface WaitingFrame {
  readonly lane: number;
  readonly connection: number;
  readonly bytes: number;
  /** Its connection has ended, so that it may never be written, or be written all the same. */
  dropped: boolean;
}

/** Told of what must not be. */
export type Objection = (sentence: string) => void;

/**
 * A link over a stream, watched on both sides: what is given to it and what it writes. Objects when a frame is written while a more urgent one waits,
 * or one after another of its lane and connection that came later.
 */
export class WatchedLink implements Link {
  #waiting: WaitingFrame[] = [];
  /** What is missing of the frame that is being written, and the beginning of the next one's header. */
  #rest = 0;
  #header: Uint8Array = new Uint8Array(0);
  #written = 0;

  constructor(
    private readonly name: string,
    private readonly below: Link,
    private readonly object: Objection,
  ) {}

  /** Frames that were written whole, or at least begun. */
  get written(): number {
    return this.#written;
  }

  #checkBulk(connection: number): void {
    const bulk = this.#waiting.filter(
      (waiting) => waiting.lane >= 3 && waiting.connection === connection && !waiting.dropped,
    );
    const bytes = bulk.reduce((sum, waiting) => sum + waiting.bytes, 0);
    if (bytes > MOST_BULK_BYTES) {
      this.object(`${this.name} keeps ${bytes} bytes of connection ${connection} waiting.`);
    }
  }

  send(frame: Uint8Array): void {
    const connection = readConnection(frame);
    this.#waiting.push({ lane: readLane(frame), connection, bytes: frame.length, dropped: false });
    if (connection === 0) {
      this.#onLinkFrame(frame);
    }
    this.#checkBulk(connection);
    this.below.send(frame);
  }

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.below.onFrame((frame) => {
      if (readConnection(frame) === 0) {
        this.#onLinkFrame(frame);
      }
      listener(frame);
    });
  }

  onClose(listener: (reason: ConnectError) => void): void {
    this.below.onClose(listener);
  }

  close(reason: string | ConnectError): void {
    this.below.close(reason);
  }

  recycle(frame: Uint8Array): void {
    this.below.recycle?.(frame);
  }

  waitingBytes(connection: number): number {
    return this.below.waitingBytes?.(connection) ?? 0;
  }

  /** The stream got these bytes to write. */
  wrote(chunk: Uint8Array): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#rest > 0) {
        const part = Math.min(this.#rest, chunk.length - offset);
        this.#rest -= part;
        offset += part;
        continue;
      }
      const part = chunk.subarray(offset, offset + HEADER_BYTES - this.#header.length);
      this.#header = concat(this.#header, part);
      offset += part.length;
      if (this.#header.length === HEADER_BYTES) {
        this.#rest = this.#begin(this.#header);
        this.#header = new Uint8Array(0);
      }
    }
  }

  #begin(header: Uint8Array): number {
    const lane = readLane(header);
    const connection = readConnection(header);
    const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
    const [envelope, tail] = [view.getUint32(8, true), view.getUint32(12, true)];
    const bytes = tail === 0 ? HEADER_BYTES + envelope : Math.ceil((HEADER_BYTES + envelope) / 16) * 16 + tail;
    this.#written += 1;
    const candidates = this.#waiting.filter((waiting) => waiting.lane === lane && waiting.connection === connection);
    const found = candidates.find((waiting) => !waiting.dropped || waiting.bytes === bytes);
    if (found === undefined) {
      this.object(`${this.name} wrote a frame of lane ${lane}, connection ${connection}, that nobody gave it.`);
      return bytes - HEADER_BYTES;
    }
    if (found.bytes !== bytes) {
      this.object(`${this.name} wrote ${bytes} bytes where ${found.bytes} of the same lane and connection came first.`);
    }
    this.#waiting.splice(this.#waiting.indexOf(found), 1);
    const urgent = this.#waiting.find((waiting) => waiting.lane < lane && !waiting.dropped);
    if (urgent !== undefined) {
      this.object(`${this.name} wrote a frame of lane ${lane} while one of lane ${urgent.lane} waited.`);
    }
    return bytes - HEADER_BYTES;
  }

  /** Frames of a connection that has ended may be dropped. */
  #onLinkFrame(frame: Uint8Array): void {
    try {
      const { kind } = readLinkFrame(frame);
      if (kind.case === "connectionClose") {
        const { connection } = kind.value;
        for (const waiting of this.#waiting) {
          waiting.dropped ||= waiting.connection === connection;
        }
      }
    } catch {
      // Not for us to judge.
    }
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
