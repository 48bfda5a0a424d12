/** How much of a stream may travel before more is granted. */
export interface CreditWindow {
  readonly messages: number;
  readonly bytes: number;
}

/** What a sender may still send. */
export class SendCredit {
  #messages: number;
  #bytes: number;

  constructor(first: CreditWindow) {
    this.#messages = first.messages;
    this.#bytes = first.bytes;
  }

  /** Messages left; never negative. */
  get messages(): number {
    return this.#messages;
  }

  /** Bytes left; the last message may have overshot, so this may be negative. */
  get bytes(): number {
    return this.#bytes;
  }

  get open(): boolean {
    return this.#messages > 0 && this.#bytes > 0;
  }

  /** Counts one message. Only while `open`. */
  spend(bytes: number): void {
    if (!this.open) {
      throw new Error("a message was sent without credit");
    }
    this.#messages -= 1;
    this.#bytes -= bytes;
  }

  grant(messages: number, bytes: number): void {
    this.#messages += messages;
    this.#bytes += bytes;
  }
}

/**
 * A message this large gives its credit back at once: from worker to window 64 KiB travel for some 100 µs (600 MB/s), beside which a grant of
 * 30 bytes hardly counts, while holding it back leaves the sender idle for part of a window that is only a few such messages wide.
 */
const LARGE_BYTES = 64 * 1024;

/**
 * Decides when a receiver gives back what its consumer took: for large messages at once, for small ones at half the window, so that there is not a
 * grant for every message, and the sender never waits while less than half of the window is in use.
 */
export class CreditReturn {
  readonly #window: CreditWindow;
  #messages = 0;
  #bytes = 0;

  constructor(window: CreditWindow) {
    this.#window = window;
  }

  /** The consumer took a message. What to grant now, or undefined. */
  taken(bytes: number): CreditWindow | undefined {
    this.#messages += 1;
    this.#bytes += bytes;
    if (bytes < LARGE_BYTES && this.#messages * 2 < this.#window.messages && this.#bytes * 2 < this.#window.bytes) {
      return undefined;
    }
    const grant = { messages: this.#messages, bytes: this.#bytes };
    this.#messages = 0;
    this.#bytes = 0;
    return grant;
  }
}
