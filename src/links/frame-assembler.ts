import { type FramePool, frameLength, HEADER_BYTES } from "../rpc";

export interface FrameAssemblerOptions {
  /** Where frames' buffers come from; by default each is new. */
  readonly pool?: FramePool | undefined;
  readonly maxFrameBytes?: number | undefined;
}

/**
 * Cuts a stream of bytes into frames. Each frame gets a buffer of exactly its size, which is allocated when its header is there and found good, and
 * filled as bytes come: one copy, whatever the sizes of the chunks.
 */
export class FrameAssembler {
  readonly #pool: FramePool | undefined;
  readonly #maxFrameBytes: number | undefined;
  readonly #header = new Uint8Array(HEADER_BYTES);
  #headerBytes = 0;
  #frame: Uint8Array | undefined;
  #frameBytes = 0;

  constructor(options: FrameAssemblerOptions = {}) {
    this.#pool = options.pool;
    this.#maxFrameBytes = options.maxFrameBytes;
  }

  /** Bytes of a frame that is not complete yet. */
  get pendingBytes(): number {
    return this.#frame === undefined ? this.#headerBytes : this.#frameBytes;
  }

  /**
   * Takes bytes, which may be used again afterwards, and gives each frame that they complete to `onFrame`.
   *
   * @throws FrameError when a header is none or announces too much; nothing more can be read then.
   */
  push(chunk: Uint8Array, onFrame: (frame: Uint8Array) => void): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#frame === undefined) {
        offset += this.#readHeader(chunk, offset);
      }
      if (this.#frame !== undefined) {
        offset += this.#readBody(this.#frame, chunk, offset);
        if (this.#frameBytes === this.#frame.length) {
          const frame = this.#frame;
          this.#frame = undefined;
          this.#headerBytes = 0;
          onFrame(frame);
        }
      }
    }
  }

  #readHeader(chunk: Uint8Array, offset: number): number {
    const count = Math.min(HEADER_BYTES - this.#headerBytes, chunk.length - offset);
    this.#header.set(chunk.subarray(offset, offset + count), this.#headerBytes);
    this.#headerBytes += count;
    if (this.#headerBytes === HEADER_BYTES) {
      const length = frameLength(this.#header, this.#maxFrameBytes);
      this.#frame = this.#pool?.take(length) ?? new Uint8Array(length);
      this.#frame.set(this.#header);
      this.#frameBytes = HEADER_BYTES;
    }
    return count;
  }

  #readBody(frame: Uint8Array, chunk: Uint8Array, offset: number): number {
    const count = Math.min(frame.length - this.#frameBytes, chunk.length - offset);
    if (count > 0) {
      frame.set(count === chunk.length ? chunk : chunk.subarray(offset, offset + count), this.#frameBytes);
      this.#frameBytes += count;
    }
    return count;
  }
}
