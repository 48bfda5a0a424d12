import { Code, ConnectError } from "@connectrpc/connect";
import { PROTOCOL } from "./protocol";

/** Frames that are kept before anybody listens. */
const MOST_UNHEARD_FRAMES = 64;

/** Why a link closes on which more came than is kept before anybody listened. */
export function unheard(): ConnectError {
  return new ConnectError("More came than is kept before anybody listens.", Code.ResourceExhausted);
}

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

  /** A frame arrived. Ignored after the end. False when more came before anybody listened than is kept: the link is to be closed. */
  frame(frame: Uint8Array): boolean {
    if (this.closed) {
      return true;
    }
    if (this.#onFrame === undefined) {
      this.#waiting.push(frame);
      this.#waitingBytes += frame.byteLength;
      return this.#waiting.length <= MOST_UNHEARD_FRAMES && this.#waitingBytes <= PROTOCOL.maxPendingBytes;
    }
    this.#onFrame(frame);
    return true;
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
