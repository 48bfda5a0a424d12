import { Code, ConnectError } from "@connectrpc/connect";
import { LimitExceededSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import type { ConnectionClose, ConnectionOpen } from "../../gen/ts/macroscope/rpc/v1/link_pb";
import type { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { FrameError, checkFrame, patchConnection, readConnection } from "./frame";
import type { Link } from "./link";
import { readLinkFrame, writeLinkFrame } from "./link-envelope";
import type { LinkControlInit } from "./link-envelope";
import { LinkListeners, unheard } from "./link-listeners";
import { LINK_CONNECTION, PROTOCOL } from "./protocol";
import { closeError, detailsToWire, errorFromWire, errorWithDetail } from "./status";

/** What a connection is opened with. */
export interface ConnectionRequest {
  /** Which server it is for, where the other end is a switch; empty is the end itself. */
  readonly target: string;
  /** The most that the connection may be given. */
  readonly role: Role;
  /** Who it is, for logs. */
  readonly label: string;
}

export interface MultiplexerOptions {
  /** Told of each connection that the other end opens, with its link. Without it, such connections are refused. */
  readonly accept?: ((request: ConnectionRequest, link: Link) => void) | undefined;
  /** The most that the other end may have open at a time; more are refused. By default it may have any number. */
  readonly maxConnections?: number | undefined;
  /** Told, once, when the link below has closed; its connections have been told before. */
  readonly onClose?: ((reason: ConnectError) => void) | undefined;
}

/** Many connections over one link, which it owns. Only one end opens connections: the one that dialled. */
export interface Multiplexer {
  /** Opens a connection. Its link numbers the frames; closing it closes that connection only. It is closed at once where the link below is. */
  open(request: ConnectionRequest): Link;
  /** Closes the link below and all connections. */
  close(reason: string | ConnectError): void;
  /** How many connections there are. */
  readonly connections: number;
}

/** Divides a link into connections. */
export function createMultiplexer(link: Link, options: MultiplexerOptions = {}): Multiplexer {
  return new LinkMultiplexer(link, options);
}

const { maxPendingBytes, connectionCreditBytes } = PROTOCOL;

/** What may wait of an honest client: its requests, and a few hundred bytes for each grant. */
const MOST_OF_CLIENT_BYTES = maxPendingBytes + connectionCreditBytes;

/** What may wait of an honest server: answers within the connection's credit, and urgent ones up to its own limit. */
const MOST_OF_SERVER_BYTES = connectionCreditBytes + 3 * maxPendingBytes;

/**
 * Joins a client's link to a server's: what one gets, the other sends, untouched but for the connection's number. Closing one closes the other. One that
 * sends more than the other takes, and than an honest end has waiting, is closed, so that it cannot fill the memory of whoever stands between.
 */
export function splice(client: Link, server: Link): void {
  forward(client, server, MOST_OF_CLIENT_BYTES);
  forward(server, client, MOST_OF_SERVER_BYTES);
}

function forward(from: Link, to: Link, mostWaitingBytes: number): void {
  const frees = to.copiesOnSend === true && from.recycle !== undefined;
  from.onClose((reason) => to.close(reason));
  from.onFrame((frame) => {
    to.send(frame);
    const waitingBytes = to.waitingBytes?.(readConnection(frame)) ?? 0;
    if (frees) {
      from.recycle?.(frame);
    }
    if (waitingBytes > mostWaitingBytes) {
      from.close(floods());
    }
  });
}

class LinkMultiplexer implements Multiplexer {
  readonly #link: Link;
  readonly #options: MultiplexerOptions;
  readonly #connections = new Map<number, NumberedLink>();
  /** Numbers only grow, so a lower one that is not open was closed. */
  #last = 0;
  /** Why the link below has closed. */
  #closedBy: ConnectError | undefined;

  constructor(link: Link, options: MultiplexerOptions) {
    this.#link = link;
    this.#options = options;
    link.onClose((reason) => this.#onLinkClosed(reason));
    link.onFrame((frame) => this.#onFrame(frame));
  }

  get connections(): number {
    return this.#connections.size;
  }

  open(request: ConnectionRequest): Link {
    const number = ++this.#last;
    const link = this.#add(number);
    if (this.#closedBy !== undefined) {
      // Frames would vanish without a word, and whoever waits for an answer would wait for the hello's whole time.
      link.close(this.#closedBy);
      return link;
    }
    this.#send({ case: "connectionOpen", value: { connection: number, ...request } });
    return link;
  }

  close(reason: string | ConnectError): void {
    this.#link.close(reason);
  }

  #add(number: number): NumberedLink {
    const link = new NumberedLink(this.#link, number, (reason) => {
      this.#connections.delete(number);
      this.#sendClose(number, reason);
    });
    this.#connections.set(number, link);
    return link;
  }

  #onLinkClosed(reason: ConnectError): void {
    this.#closedBy = reason;
    const connections = [...this.#connections.values()];
    this.#connections.clear();
    connections.forEach((connection) => connection.closed(reason));
    this.#options.onClose?.(reason);
  }

  #onFrame(frame: Uint8Array): void {
    try {
      checkFrame(frame);
      const number = readConnection(frame);
      if (number === LINK_CONNECTION) {
        this.#onLinkEnvelope(frame);
        return;
      }
      const connection = this.#connections.get(number);
      if (connection !== undefined) {
        connection.arrived(frame);
      } else if (number > this.#last) {
        // The peer may still send to a closed one until it hears of the end; those frames are not worth an answer each.
        this.#sendClose(number, new ConnectError(`There is no connection ${number} on this link.`, Code.NotFound));
      }
    } catch (error) {
      if (!(error instanceof FrameError)) {
        throw error;
      }
      this.#link.close(new ConnectError(`The other end broke the framing: ${error.message}`, Code.InvalidArgument));
    }
  }

  #onLinkEnvelope(bytes: Uint8Array): void {
    const { kind } = readLinkFrame(bytes);
    if (kind.case === "connectionOpen") {
      this.#onOpen(kind.value);
    } else if (kind.case === "connectionClose") {
      this.#onClose(kind.value);
    } else {
      throw new FrameError("envelope", `A link envelope of kind ${kind.case} has no place here.`);
    }
  }

  #onOpen({ connection: number, target, role, label }: ConnectionOpen): void {
    if (number <= this.#last) {
      throw new FrameError("envelope", `Connection ${number} cannot be opened: numbers only grow.`);
    }
    this.#last = number;
    const { accept, maxConnections = Number.POSITIVE_INFINITY } = this.#options;
    if (accept === undefined) {
      this.#sendClose(number, new ConnectError("This end of the link takes no connections.", Code.Unimplemented));
      return;
    }
    if (this.#connections.size >= maxConnections) {
      this.#sendClose(number, tooManyConnections(maxConnections));
      return;
    }
    accept({ target, role, label }, this.#add(number));
  }

  #onClose({ connection: number, code, message, details }: ConnectionClose): void {
    const connection = this.#connections.get(number);
    if (connection !== undefined) {
      this.#connections.delete(number);
      connection.closed(errorFromWire(code, message, details, undefined, Code.Unavailable));
    }
  }

  #sendClose(connection: number, reason: ConnectError): void {
    const value = {
      connection,
      code: reason.code as number,
      message: reason.rawMessage,
      details: detailsToWire(reason),
    };
    this.#send({ case: "connectionClose", value });
  }

  #send(kind: LinkControlInit): void {
    this.#link.send(writeLinkFrame(kind));
  }
}

function floods(): ConnectError {
  return new ConnectError("More was sent than the other end takes; the connection was closed.", Code.ResourceExhausted);
}

function tooManyConnections(allowed: number): ConnectError {
  return errorWithDetail(
    Code.ResourceExhausted,
    `This link carries at most ${allowed} connections at a time. Close one first.`,
    LimitExceededSchema,
    { limit: "max_connections", allowed: BigInt(allowed), found: BigInt(allowed + 1) },
  );
}

/** One connection of a multiplexed link, as a link. */
class NumberedLink implements Link {
  readonly #below: Link;
  readonly #number: number;
  readonly #onLocalClose: (reason: ConnectError) => void;
  readonly #listeners = new LinkListeners();

  constructor(below: Link, number: number, onLocalClose: (reason: ConnectError) => void) {
    this.#below = below;
    this.#number = number;
    this.#onLocalClose = onLocalClose;
  }

  get copiesOnSend(): boolean {
    return this.#below.copiesOnSend === true;
  }

  send(frame: Uint8Array): void {
    if (!this.#listeners.closed) {
      patchConnection(frame, this.#number);
      this.#below.send(frame);
    }
  }

  recycle(frame: Uint8Array): void {
    this.#below.recycle?.(frame);
  }

  waitingBytes(): number {
    return this.#below.waitingBytes?.(this.#number) ?? 0;
  }

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#listeners.onFrame(listener);
  }

  onClose(listener: (reason: ConnectError) => void): void {
    this.#listeners.onClose(listener);
  }

  close(reason: string | ConnectError): void {
    const error = closeError(reason);
    if (!this.#listeners.closed) {
      this.#below.forget?.(this.#number);
      this.#onLocalClose(error);
      this.#listeners.close(error);
    }
  }

  arrived(frame: Uint8Array): void {
    if (!this.#listeners.frame(frame)) {
      this.close(unheard());
    }
  }

  /** The other end, or the link below, has ended it. */
  closed(reason: ConnectError): void {
    this.#below.forget?.(this.#number);
    this.#listeners.close(reason);
  }
}
