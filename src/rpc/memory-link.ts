import type { ConnectError } from "@connectrpc/connect";
import type { Link } from "./link";
import { LinkListeners, unheard } from "./link-listeners";
import { closeError } from "./status";

/** Hooks into a pair, for tests. */
export interface LinkPairOptions {
  /** Runs a delivery later, in order; by default as a microtask. A test with its own can hold back, or step. */
  readonly schedule?: (deliver: () => void) => void;
  /** Sees every frame before it is delivered; `from` is the index of its sender. What it returns is delivered instead; nothing drops it. */
  readonly tap?: (frame: Uint8Array, from: 0 | 1) => Uint8Array | undefined;
}

class MemoryLink implements Link {
  readonly #listeners = new LinkListeners();
  readonly #options: LinkPairOptions;
  readonly #index: 0 | 1;
  #peer: MemoryLink | undefined;
  #queue: (Uint8Array | ConnectError)[] = [];

  constructor(options: LinkPairOptions, index: 0 | 1) {
    this.#options = options;
    this.#index = index;
  }

  connect(peer: MemoryLink): void {
    this.#peer = peer;
  }

  send(frame: Uint8Array): void {
    if (this.#listeners.closed) {
      return;
    }
    const passed = this.#options.tap === undefined ? frame : this.#options.tap(frame, this.#index);
    if (passed !== undefined) {
      this.#peer?.enqueue(passed);
    }
  }

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#listeners.onFrame(listener);
  }

  onClose(listener: (reason: ConnectError) => void): void {
    this.#listeners.onClose(listener);
  }

  close(reason: string | ConnectError): void {
    const error = closeError(reason);
    if (this.#listeners.close(error)) {
      this.#peer?.enqueue(error);
    }
  }

  enqueue(item: Uint8Array | ConnectError): void {
    this.#queue.push(item);
    if (this.#queue.length === 1) {
      (this.#options.schedule ?? queueMicrotask)(() => this.#deliver());
    }
  }

  #deliver(): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const item of queue) {
      if (item instanceof Uint8Array) {
        if (!this.#listeners.frame(item)) {
          this.close(unheard());
        }
      } else {
        this.#listeners.close(item);
      }
    }
  }
}

/** Two links in memory: what one sends, the other gets, later and in order, without a copy. Closing one closes the other. */
export function createLinkPair(options: LinkPairOptions = {}): [Link, Link] {
  const first = new MemoryLink(options, 0);
  const second = new MemoryLink(options, 1);
  first.connect(second);
  second.connect(first);
  return [first, second];
}
