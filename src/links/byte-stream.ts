import { Code, ConnectError } from "@connectrpc/connect";
import { closeError, FrameError, FramePool, LaneQueue, LinkListeners, MOST_WAITING_BYTES, unheard } from "../rpc";
import type { Link } from "../rpc";
import { FrameAssembler } from "./frame-assembler";

/** A stream of bytes in both directions, such as a socket. */
export interface ByteDuplex {
  /** Takes bytes, which belong to it from then on. False when it has enough for now: `onDrain` tells when it wants more. */
  write(chunk: Uint8Array): boolean;
  onDrain(listener: () => void): void;
  /** Bytes that arrive; the listener has done with them when it returns. */
  onData(listener: (chunk: Uint8Array) => void): void;
  /** Told once when the stream has ended, either way. */
  onClose(listener: (error?: Error) => void): void;
  /** Ends it at once; `afterWrites` lets what was written go out first. */
  destroy(afterWrites?: boolean): void;
}

/** A link that takes frames back, and forgets those of a closed connection. */
export interface ByteStreamLink extends Link {
  recycle(frame: Uint8Array): void;
  forget(connection: number): void;
}

/**
 * A link over a stream of bytes, which it owns. Frames wait here, by lane, whenever the stream has enough, so that a stop overtakes pictures.
 * Frames that arrive may be given back with `recycle`.
 */
export function byteStreamLink(stream: ByteDuplex): ByteStreamLink {
  return new DuplexLink(stream);
}

class DuplexLink implements ByteStreamLink {
  readonly #stream: ByteDuplex;
  readonly #listeners = new LinkListeners();
  readonly #queue = new LaneQueue();
  readonly #pool = new FramePool();
  readonly #assembler = new FrameAssembler({ pool: this.#pool });
  readonly #onFrame = (frame: Uint8Array) => {
    if (!this.#listeners.frame(frame)) {
      this.close(unheard());
    }
  };
  #full = false;
  /** The other end does not read; set until whoever sent too much has finished. */
  #flooded = false;

  constructor(stream: ByteDuplex) {
    this.#stream = stream;
    stream.onDrain(() => this.#drain());
    stream.onClose((error) => {
      this.#queue.clear();
      this.#listeners.close(
        error === undefined
          ? closeError("The other end closed the stream.")
          : new ConnectError(`The stream broke: ${error.message}`, Code.Unavailable, undefined, undefined, error),
      );
    });
    stream.onData((chunk) => this.#onData(chunk));
  }

  send(frame: Uint8Array): void {
    if (this.#listeners.closed || this.#flooded) {
      return;
    }
    if (this.#full) {
      this.#queue.push(frame);
      this.#checkFlood();
    } else {
      this.#full = !this.#stream.write(frame);
    }
  }

  waitingBytes(connection: number): number {
    return this.#queue.bytesOf(connection);
  }

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#listeners.onFrame(listener);
  }

  onClose(listener: (reason: ConnectError) => void): void {
    this.#listeners.onClose(listener);
  }

  close(reason: string | ConnectError): void {
    if (this.#listeners.closed) {
      return;
    }
    // What tells the other end why must not be lost behind what waits.
    for (let frame = this.#queue.shift(); frame !== undefined; frame = this.#queue.shift()) {
      this.#stream.write(frame);
    }
    this.#listeners.close(closeError(reason));
    this.#stream.destroy(true);
  }

  forget(connection: number): void {
    this.#queue.forget(connection);
  }

  recycle(frame: Uint8Array): void {
    this.#pool.recycled(frame);
  }

  /** Nothing grows without bound: a link whose other end does not read closes, dropping what waits. */
  #checkFlood(): void {
    const bytes = this.#queue.bytes;
    if (bytes <= MOST_WAITING_BYTES) {
      return;
    }
    this.#flooded = true;
    this.#queue.clear();
    this.#stream.destroy();
    // Later: whoever sends is not ready to be told.
    queueMicrotask(() => {
      const sentence = `The other end does not read: ${bytes} bytes wait for it, ${MOST_WAITING_BYTES} are the most.`;
      this.#listeners.close(new ConnectError(sentence, Code.ResourceExhausted));
    });
  }

  #drain(): void {
    this.#full = false;
    while (!this.#full) {
      const frame = this.#queue.shift();
      if (frame === undefined) {
        return;
      }
      this.#full = !this.#stream.write(frame);
    }
  }

  #onData(chunk: Uint8Array): void {
    if (this.#listeners.closed) {
      return;
    }
    try {
      this.#assembler.push(chunk, this.#onFrame);
    } catch (error) {
      if (!(error instanceof FrameError)) {
        throw error;
      }
      this.close(new ConnectError(`The other end broke the framing: ${error.message}`, Code.InvalidArgument));
    }
  }
}
