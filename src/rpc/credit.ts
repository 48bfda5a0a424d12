/** How much of a stream may travel before more is granted. */
export interface CreditWindow {
  readonly messages: number;
  readonly bytes: number;
}

/** Grants add up to no more than fits their fields. */
const MOST_CREDIT = 0xffff_ffff;

/** What a sender may still send. */
export class SendCredit {
  #messages: number;
  #bytes: number;

  constructor(first: CreditWindow) {
    this.#messages = Math.min(first.messages, MOST_CREDIT);
    this.#bytes = Math.min(first.bytes, MOST_CREDIT);
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
    this.#messages = Math.min(this.#messages + messages, MOST_CREDIT);
    this.#bytes = Math.min(this.#bytes + bytes, MOST_CREDIT);
  }
}

/** What may travel on one connection before its client gives some back, whoever's it is. Urgent frames overdraw it. */
export class ConnectionCredit {
  readonly #windowBytes: number;
  #rest: number;

  constructor(windowBytes: number) {
    this.#windowBytes = windowBytes;
    this.#rest = windowBytes;
  }

  /** Bytes that may still travel; negative when overdrawn. */
  get rest(): number {
    return this.#rest;
  }

  /** Bytes that travelled and were not given back. */
  get spent(): number {
    return this.#windowBytes - this.#rest;
  }

  spend(bytes: number): void {
    this.#rest -= bytes;
  }

  giveBack(bytes: number): void {
    this.#rest = Math.min(this.#rest + bytes, this.#windowBytes);
  }
}

/** Adds up what arrives of a connection, to give it back in large pieces. */
export class ArrivalReturn {
  #bytes = 0;

  constructor(private readonly atBytes: number) {}

  /** A frame arrived. What to give back now; 0 is nothing yet. */
  arrived(bytes: number): number {
    this.#bytes += bytes;
    if (this.#bytes < this.atBytes) {
      return 0;
    }
    const back = this.#bytes;
    this.#bytes = 0;
    return back;
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
  readonly #atOnce: boolean;
  #messages = 0;
  #bytes = 0;

  /** @param atOnce - give everything back at once, because the sender reads from it how far the receiver is. */
  constructor(window: CreditWindow, atOnce = false) {
    this.#window = window;
    this.#atOnce = atOnce;
  }

  /** The consumer took a message. What to grant now, or undefined. */
  taken(bytes: number): CreditWindow | undefined {
    this.#messages += 1;
    this.#bytes += bytes;
    const few = this.#messages * 2 < this.#window.messages && this.#bytes * 2 < this.#window.bytes;
    if (few && bytes < LARGE_BYTES && !this.#atOnce) {
      return undefined;
    }
    const grant = { messages: this.#messages, bytes: this.#bytes };
    this.#messages = 0;
    this.#bytes = 0;
    return grant;
  }
}
