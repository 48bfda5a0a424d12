const SMALLEST_BYTES = 64 * 1024;
const KEPT_PER_SIZE = 8;
const SIZES_KEPT = 8;

/**
 * Buffers to use again, by exact size, because a structured clone copies the whole ArrayBuffer of a view. Small ones are cheaper to make anew.
 * What is handed out still holds old bytes.
 */
export class FramePool {
  readonly #free = new Map<number, Uint8Array[]>();

  /** A buffer of exactly this many bytes. */
  take(bytes: number): Uint8Array {
    return this.#free.get(bytes)?.pop() ?? new Uint8Array(bytes);
  }

  /** The owner no longer needs it. */
  recycled(frame: Uint8Array): void {
    if (frame.byteLength < SMALLEST_BYTES || frame.byteLength !== frame.buffer.byteLength) {
      return;
    }
    let free = this.#free.get(frame.byteLength);
    if (free === undefined) {
      if (this.#free.size >= SIZES_KEPT) {
        this.#free.clear();
      }
      free = [];
      this.#free.set(frame.byteLength, free);
    }
    if (free.length < KEPT_PER_SIZE) {
      free.push(frame);
    }
  }
}
