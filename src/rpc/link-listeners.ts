import type { ConnectError } from "@connectrpc/connect";

/** The listeners of a link: frames wait until somebody listens, and closing is told exactly once. */
export class LinkListeners {
  #onFrame: ((frame: Uint8Array) => void) | undefined;
  #onClose: ((reason: ConnectError) => void) | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #reason: ConnectError | undefined;
  #told = false;

  get closed(): boolean {
    return this.#reason !== undefined;
  }

  /** Bytes of the frames that came before anybody listened. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#onFrame = listener;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    waiting.forEach((frame) => this.frame(frame));
  }

  onClose(listener: (reason: ConnectError) => void): void {
    this.#onClose = listener;
    this.#tell();
  }

  /** A frame arrived. Ignored after the end. */
  frame(frame: Uint8Array): void {
    if (this.closed) {
      return;
    }
    if (this.#onFrame === undefined) {
      this.#waiting.push(frame);
      this.#waitingBytes += frame.byteLength;
    } else {
      this.#onFrame(frame);
    }
  }

  /** The link closed. True the first time. */
  close(reason: ConnectError): boolean {
    if (this.closed) {
      return false;
    }
    this.#reason = reason;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#tell();
    return true;
  }

  #tell(): void {
    if (this.#reason !== undefined && this.#onClose !== undefined && !this.#told) {
      this.#told = true;
      this.#onClose(this.#reason);
    }
  }
}
