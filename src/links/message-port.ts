import { Code, ConnectError } from "@connectrpc/connect";
import { closeError, LinkListeners, PROTOCOL, unheard } from "../rpc";
import type { Link } from "../rpc";

/** What the ports of browsers and of Node's worker threads have in common. */
export interface EventTargetPort {
  postMessage(message: Uint8Array): void;
  addEventListener(type: "message" | "close", listener: (event: { readonly data?: unknown }) => void): void;
  start?(): void;
  close(): void;
}

/** Electron's MessagePortMain, and Node's ports when taken as emitters. */
export interface EmitterPort {
  postMessage(message: Uint8Array): void;
  on(type: "message" | "close", listener: (event: { readonly data?: unknown }) => void): unknown;
  start(): void;
  close(): void;
}

/** A port of any runtime. Keep a reference to the link: some runtimes collect a port that nobody holds. */
export type AnyPort = EventTargetPort | EmitterPort;

/**
 * A link over a message port, which it owns: one frame a message, as a Uint8Array. A message that is none closes the link. The port copies what is
 * posted, so frames may be used again after `send`. Where the runtime does not tell that the other end has closed, the protocol's own silence does.
 */
export function messagePortLink(port: AnyPort): Link {
  return new MessagePortLink(port);
}

class MessagePortLink implements Link {
  readonly copiesOnSend = true;
  readonly #port: AnyPort;
  readonly #listeners = new LinkListeners();
  #started = false;

  constructor(port: AnyPort) {
    this.#port = port;
    this.#listen("message", (event) => this.#onMessage(event.data));
    this.#listen("close", () => this.#listeners.close(closeError("The other end closed its port, or is gone.")));
  }

  send(frame: Uint8Array): void {
    if (this.#listeners.closed) {
      return;
    }
    try {
      this.#port.postMessage(frame);
    } catch (error) {
      // No memory for the copy, or a port that the runtime has taken away. Only this link ends, and later: whoever sends is not ready to be told.
      queueMicrotask(() => this.close(new ConnectError(`The port takes no more: ${String(error)}.`, Code.Unavailable)));
    }
  }

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#listeners.onFrame(listener);
    if (!this.#started) {
      this.#started = true;
      this.#port.start?.();
    }
  }

  onClose(listener: (reason: ConnectError) => void): void {
    this.#listeners.onClose(listener);
  }

  close(reason: string | ConnectError): void {
    if (this.#listeners.close(closeError(reason))) {
      this.#port.close();
    }
  }

  #listen(type: "message" | "close", listener: (event: { readonly data?: unknown }) => void): void {
    if ("addEventListener" in this.#port) {
      this.#port.addEventListener(type, listener);
    } else {
      this.#port.on(type, listener);
    }
  }

  #onMessage(data: unknown): void {
    const frame = toBytes(data);
    if (frame === undefined) {
      this.close(new ConnectError("A message on the port was no Uint8Array.", Code.InvalidArgument));
    } else if (frame.buffer.byteLength > PROTOCOL.maxFrameBytes) {
      // The clone brings the whole buffer behind a view, and keeps it as long as the view.
      this.close(new ConnectError(`A frame with ${frame.buffer.byteLength} bytes is too large.`, Code.InvalidArgument));
    } else {
      if (!this.#listeners.frame(frame)) {
        this.close(unheard());
      }
    }
  }
}

/** The bytes as a plain Uint8Array, without a copy: Node hands over its own subclass, another realm its own class. */
function toBytes(data: unknown): Uint8Array | undefined {
  if (data instanceof Uint8Array && data.constructor === Uint8Array) {
    return data;
  }
  if (ArrayBuffer.isView(data) && Object.prototype.toString.call(data) === "[object Uint8Array]") {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  return undefined;
}
