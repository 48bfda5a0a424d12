import { Code, ConnectError } from "@connectrpc/connect";
import { authenticate, closeError, LaneQueue, LinkListeners, PROTOCOL, unheard } from "../rpc";
import type { Link } from "../rpc";

/** What a WebSocket is asked to speak; a server that does not is none of ours. */
export const SUBPROTOCOL = "macroscope.v1";

/** With more than this in the socket the next frame waits here: what the socket holds, no urgent frame passes. */
const IN_SOCKET_BYTES = 64 * 1024;

/** The other end is dropped when so much waits: it does not read. An honest client has no more requests waiting, and grants beside them. */
const MOST_WAITING_BYTES = PROTOCOL.maxPendingBytes + PROTOCOL.connectionCreditBytes;

/** A socket does not tell when it has sent something, so it is asked this often while it has enough. */
const LOOK_AGAIN_MS = 5;

/** The code that a worker closes a socket with whose token it does not take. */
const POLICY_VIOLATION = 1008;

const OPEN = 1;

/** The part of a close event that says why. */
interface CloseEvent {
  readonly code?: number;
  readonly reason?: string;
}

/** The WebSocket of browsers and of Node, as far as a link needs it. */
export interface AnyWebSocket {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(
    type: "open" | "message" | "close" | "error",
    listener: (event: CloseEvent & { readonly data?: unknown }) => void,
  ): void;
}

/** A link that knows with which code its socket was closed. */
export interface WebSocketLink extends Link {
  /** Undefined while it is open, and when this end closed it. */
  readonly closeCode: number | undefined;
}

/**
 * A link over an open WebSocket, which it owns: one frame a binary message. A message that is none closes the link. Frames wait here, by lane, while the
 * socket has enough.
 */
export function webSocketLink(socket: AnyWebSocket): WebSocketLink {
  return new SocketLink(socket);
}

/**
 * Dials a worker: waits until the socket is open, and shows the token. Rejects with a ConnectError: UNAUTHENTICATED when the worker does not take the
 * token, UNAVAILABLE when nobody listens, or whoever does is busy, or does not let this page in; the socket is closed then.
 *
 * @param open - makes the socket, with the subprotocol.
 */
export async function dialWebSocket(open: () => AnyWebSocket, token: string): Promise<Link> {
  const socket = open();
  await opened(socket);
  const link = webSocketLink(socket);
  try {
    await authenticate(link, token);
  } catch (thrown) {
    const error = ConnectError.from(thrown);
    // A worker that ends meanwhile has said nothing about the token.
    const ended = error.code === Code.Unauthenticated && link.closeCode !== POLICY_VIOLATION;
    throw ended
      ? new ConnectError("The worker closed the connection before it looked at the token.", Code.Unavailable)
      : error;
  }
  return link;
}

function opened(socket: AnyWebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (sentence: string) => {
      clearTimeout(timer);
      socket.close();
      reject(new ConnectError(sentence, Code.Unavailable));
    };
    const timer = setTimeout(() => fail("The worker does not answer."), PROTOCOL.helloWithinMs);
    socket.addEventListener("open", () => {
      clearTimeout(timer);
      resolve();
    });
    // Browsers tell a page no more, so that it cannot search the machine for open ports. Where the page's own policy forbids it, there is no `close`.
    for (const type of ["error", "close"] as const) {
      socket.addEventListener(type, () => fail("No worker listens there, or it does not let this page in."));
    }
  });
}

class SocketLink implements WebSocketLink {
  readonly #socket: AnyWebSocket;
  readonly #listeners = new LinkListeners();
  readonly #queue = new LaneQueue();
  #timer: unknown;
  closeCode: number | undefined;

  constructor(socket: AnyWebSocket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => this.#onMessage(data));
    socket.addEventListener("close", (event) => this.#onClose(event));
  }

  send(frame: Uint8Array): void {
    if (this.#listeners.closed) {
      return;
    }
    this.#queue.push(frame);
    this.#sendSome();
    if (this.#queue.bytes > MOST_WAITING_BYTES) {
      // Later: whoever sends is not ready to be told.
      queueMicrotask(() => this.close(new ConnectError("The other end does not read.", Code.Unavailable)));
    }
  }

  waitingBytes(connection: number): number {
    return this.#queue.bytesOf(connection);
  }

  forget(connection: number): void {
    this.#queue.forget(connection);
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
      this.#pass(frame);
    }
    this.#end(closeError(reason));
    this.#socket.close();
  }

  #pass(frame: Uint8Array): void {
    // Frames lie in ordinary memory, never in memory that threads share; the types of a frame do not say so.
    this.#socket.send(frame as Uint8Array<ArrayBuffer>);
  }

  #sendSome(): void {
    while (this.#socket.readyState === OPEN && this.#socket.bufferedAmount < IN_SOCKET_BYTES) {
      const frame = this.#queue.shift();
      if (frame === undefined) {
        return;
      }
      this.#pass(frame);
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#sendSome();
    }, LOOK_AGAIN_MS);
  }

  #onMessage(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) {
      this.close(new ConnectError("A message on the socket was not binary.", Code.InvalidArgument));
    } else if (data.byteLength > PROTOCOL.maxFrameBytes) {
      this.close(new ConnectError(`A frame with ${data.byteLength} bytes is too large.`, Code.InvalidArgument));
    } else if (!this.#listeners.frame(new Uint8Array(data))) {
      this.close(unheard());
    }
  }

  #onClose({ code, reason }: CloseEvent): void {
    if (this.#listeners.closed) {
      return;
    }
    this.closeCode = code;
    const said = reason !== undefined && reason !== "";
    this.#end(closeError(said ? reason : "The worker closed the connection, or is gone."));
  }

  #end(reason: ConnectError): void {
    clearTimeout(this.#timer);
    this.#queue.clear();
    this.#listeners.close(reason);
  }
}
