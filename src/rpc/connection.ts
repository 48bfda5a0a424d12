import { Code, ConnectError } from "@connectrpc/connect";
import type { GoAway, Hello } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { Lane, Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import type { Call } from "./call";
import type { CallEndListener, Calls } from "./calls";
import { ClientCalls } from "./client-calls";
import type { CallStart } from "./client-calls";
import { ClockEstimate, toNs } from "./clock";
import type { ClockOffset } from "./clock";
import type { ConnectionEvent } from "./connection-event";
import type { CreditWindow } from "./credit";
import { decodeEnvelope, checkEnvelope } from "./envelope";
import type { EnvelopeKind } from "./envelope";
import { decodeFrame } from "./frame";
import type { Frame } from "./frame";
import { makeHello, versionRefusal } from "./greeting";
import type { Introduction } from "./greeting";
import { limitExceeded } from "./limits";
import { Liveness } from "./liveness";
import { Outbox } from "./outbox";
import { PROTOCOL } from "./protocol";
import type { ProtocolLimits } from "./protocol";
import { ProtocolBreach } from "./protocol-breach";
import { ServerCalls } from "./server-calls";
import { detailsToWire, errorFromWire } from "./status";

/** The minor version since which there are parts and the connection's credit. */
const FLOW_MINOR = 1;

/** `greeting` until both hellos have been said, `open`, `draining` when no new calls may begin, `closed`. */
export type ConnectionState = "greeting" | "open" | "draining" | "closed";

export interface ConnectionOptions {
  readonly side: "client" | "server";
  readonly introduction: Introduction;
  /** Server: the role for a client, from its hello; by default the one asked for. Throws a ConnectError to refuse the client. */
  readonly authorize?: ((hello: Hello) => Role) | undefined;
  /** Monotonic milliseconds, as in every method that takes `now`. */
  readonly now: number;
  readonly limits?: ProtocolLimits | undefined;
  /** Told of each call once, when it has ended. */
  readonly onCallEnded?: CallEndListener | undefined;
  /** Where buffers for frames come from. */
  readonly allocate?: ((bytes: number) => Uint8Array) | undefined;
}

/**
 * One end of the protocol, without input or output: it is given frames and the time, and gives back events, and frames to send. After a call
 * of any method, take the events with `takeEvents` where it does not return them, then the frames with `takeFrames`, and send them; call `tick`
 * when `nextTickAt` has come.
 */
export class Connection {
  readonly side: "client" | "server";
  readonly limits: ProtocolLimits;
  /** When it was made. */
  readonly beganAt: number;

  #state: ConnectionState = "greeting";
  #peer: Hello | undefined;
  #role: Role = Role.UNSPECIFIED;
  readonly #hello: Hello;
  readonly #helloBy: number;
  readonly #outbox: Outbox;
  readonly #events: ConnectionEvent[] = [];
  readonly #client: ClientCalls;
  readonly #server: ServerCalls;
  readonly #calls: Calls;
  readonly #liveness: Liveness;
  readonly #authorize: (hello: Hello) => Role;
  readonly #clock = new ClockEstimate();

  constructor(options: ConnectionOptions) {
    this.side = options.side;
    this.beganAt = options.now;
    this.limits = options.limits ?? PROTOCOL;
    this.#hello = makeHello(options.introduction, this.limits);
    this.#helloBy = options.now + this.limits.helloWithinMs;
    this.#outbox = new Outbox(options.allocate);
    const { onCallEnded } = options;
    this.#client = new ClientCalls(this.limits, this.#outbox, this.#events, onCallEnded);
    this.#server = new ServerCalls(this.limits, this.#outbox, this.#events, onCallEnded);
    this.#calls = this.side === "client" ? this.#client : this.#server;
    this.#liveness = new Liveness(options.now, this.limits);
    this.#authorize = options.authorize ?? ((hello) => hello.role);
    if (this.side === "client") {
      this.#outbox.send(Lane.COMMAND, { case: "hello", value: this.#hello });
    }
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The peer's hello; undefined until it came. */
  get peer(): Hello | undefined {
    return this.#peer;
  }

  /** The role that the server has given to the client. */
  get role(): Role {
    return this.#role;
  }

  /** Calls that have not ended. */
  get openCalls(): number {
    return this.#calls.open.size;
  }

  /** How long nothing was heard. */
  silenceMs(now: number): number {
    return this.#liveness.silenceMs(now);
  }

  /** Server: bytes of answers that the client has not given back; 0 to a client of protocol 1.0. */
  get bytesInFlight(): number {
    return this.#server.outflow.bytesInFlight;
  }

  /** How often the clocks have been compared. */
  get clockMeasurements(): number {
    return this.#clock.measured;
  }

  /** How the peer's clock stands to ours; undefined before the first pong. */
  clockAt(now: number): ClockOffset | undefined {
    return this.#clock.at(toNs(now));
  }

  /** When `tick` is needed next; infinite once the connection is closed. */
  get nextTickAt(): number {
    switch (this.#state) {
      case "greeting":
        return this.#helloBy;
      case "closed":
        return Number.POSITIVE_INFINITY;
      default:
        return Math.min(this.#liveness.nextTickAt, this.#calls.nextDeadlineAt);
    }
  }

  /** Takes the frames to send, in order. They all name connection 1. */
  takeFrames(): Uint8Array[] {
    return this.#outbox.take();
  }

  /** Takes the events that a method without a result may have caused. */
  takeEvents(): ConnectionEvent[] {
    return this.#events.length === 0 ? [] : this.#events.splice(0);
  }

  /** A frame arrived. Events hold views of its buffer. */
  receive(bytes: Uint8Array, now: number): ConnectionEvent[] {
    if (this.#state === "closed") {
      return [];
    }
    this.#liveness.heard(now);
    try {
      const frame = decodeFrame(bytes, this.limits.maxFrameBytes);
      const kind = decodeEnvelope(frame);
      if (this.#state === "greeting") {
        this.#greet(kind, now);
      } else {
        checkEnvelope(kind);
        this.#handle(kind, frame, bytes.length, now);
      }
    } catch (error) {
      if (!(error instanceof ProtocolBreach)) {
        throw error;
      }
      this.#breach(error.message);
    }
    return this.takeEvents();
  }

  /** Time passed: deadlines, pings, silence. */
  tick(now: number): ConnectionEvent[] {
    if (this.#state === "greeting") {
      if (now >= this.#helloBy) {
        this.#goAway(new ConnectError(`There was no hello within ${this.limits.helloWithinMs} ms.`, Code.Unavailable));
      }
    } else if (this.#state !== "closed") {
      this.#calls.checkDeadlines(now);
      this.#settle();
      const verdict = this.#liveness.tick(now);
      if (verdict === "ping") {
        this.ping(now);
      } else if (verdict === "lost") {
        const silence = `Nothing was heard for ${this.limits.lostAfterSilenceMs} ms; the other end is gone or stuck.`;
        this.#finish(new ConnectError(silence, Code.Unavailable));
      }
    }
    return this.takeEvents();
  }

  /**
   * Client: begins a call.
   *
   * @throws ConnectError when none may begin: the connection is not open, there are too many calls, or the request is too large.
   */
  startCall(start: CallStart, now: number): Call {
    if (this.side !== "client" || this.#state !== "open") {
      throw new ConnectError(`The connection takes no new calls: it is ${this.#state}.`, Code.Unavailable);
    }
    return this.#client.start(start, now);
  }

  /**
   * Server: sends an answer. Without credit, a latest-wins stream keeps it until there is some, and counts the one it replaces. Its bytes must
   * not change any more: it may wait, or travel in parts. A reliable stream may send only while `call.maySend`. `last` ends the call well.
   * Ignored when the call has ended. `revision` says which state of a broadcast it is.
   *
   * @throws ConnectError when the message is too large to travel; the call is still open then.
   */
  sendMessage(call: Call, message: Uint8Array, tail?: Uint8Array, last = false, revision?: bigint): void {
    this.#server.send(call, { message, tail, revision }, last);
    this.#settle();
  }

  /** Client: says that nothing more comes in this call. */
  halfClose(call: Call): void {
    this.#client.halfClose(call);
  }

  /** Client: gives a call up. It has ended here at once; no event follows. */
  cancelCall(call: Call, reason: string): void {
    this.#client.cancel(call, reason);
    this.#settle();
  }

  /** Server: ends a call, well without an error. No event follows. A message that waits for credit still goes before a good end. */
  endCall(call: Call, error?: ConnectError): void {
    this.#server.end(call, error);
    this.#settle();
  }

  /** Server: a reliable stream that may not send now is told by an event "credit" when it may. */
  awaitCredit(call: Call): void {
    this.#server.outflow.awaitTurn(call);
  }

  /** Client: lets the server send more of a stream. */
  grantCredit(call: Call, credit: CreditWindow): void {
    this.#client.grant(call, credit);
  }

  /** Asks for a pong, to measure the clocks; pings for liveness go out by themselves. */
  ping(now: number): void {
    if (this.#state === "open" || this.#state === "draining") {
      this.#liveness.pinged(now);
      const sentNs = toNs(now);
      this.#clock.asked(sentNs);
      this.#outbox.send(Lane.COMMAND, { case: "ping", value: { sentNs } });
    }
  }

  /** Ends the connection as soon as its open calls have ended; no new ones begin. */
  drain(): ConnectionEvent[] {
    if (this.#state === "open") {
      this.#outbox.send(Lane.COMMAND, { case: "goAway", value: { message: "The connection ends after its calls." } });
      this.#drain();
    }
    return this.takeEvents();
  }

  /** Ends the connection and all its calls, and tells the peer why. */
  close(reason: ConnectError): ConnectionEvent[] {
    this.#goAway(reason);
    return this.takeEvents();
  }

  /** The link has closed: ends the connection and all its calls. */
  linkClosed(reason: ConnectError): ConnectionEvent[] {
    this.#finish(reason);
    return this.takeEvents();
  }

  #greet(kind: EnvelopeKind, now: number): void {
    if (kind.case === "goAway") {
      checkEnvelope(kind);
      this.#onGoAway(kind.value);
      return;
    }
    if (kind.case !== "hello") {
      throw new ProtocolBreach(`The first frame must be a hello; this is of kind ${kind.case}.`);
    }
    const hello = kind.value;
    const client = this.side === "client";
    const refusal = client ? versionRefusal(this.#hello, hello) : versionRefusal(hello, this.#hello);
    if (refusal !== undefined) {
      this.#goAway(refusal);
      return;
    }
    checkEnvelope(kind);
    if (client) {
      this.#role = hello.role;
    } else if (!this.#admit(hello)) {
      return;
    }
    this.#peer = hello;
    this.#state = "open";
    if (Math.min(hello.protocolMinor, this.#hello.protocolMinor) >= FLOW_MINOR) {
      this.#client.limit();
      this.#server.outflow.limit();
    }
    this.#events.push({ type: "opened", hello });
    // The first ping measures the clocks before anybody needs them.
    this.ping(now);
  }

  #admit(hello: Hello): boolean {
    try {
      this.#role = this.#authorize(hello);
    } catch (error) {
      this.#goAway(ConnectError.from(error, Code.Unauthenticated));
      return false;
    }
    this.#outbox.send(Lane.COMMAND, { case: "hello", value: { ...this.#hello, role: this.#role } });
    return true;
  }

  #handle(kind: EnvelopeKind, frame: Frame, frameBytes: number, now: number): void {
    switch (kind.case) {
      case "ping": {
        const ns = toNs(now);
        const value = { pingSentNs: kind.value.sentNs, receivedNs: ns, sentNs: ns };
        this.#outbox.send(Lane.COMMAND, { case: "pong", value });
        return;
      }
      case "pong":
        this.#clock.add(kind.value.pingSentNs, kind.value.receivedNs, kind.value.sentNs, toNs(now));
        return;
      case "goAway":
        this.#onGoAway(kind.value);
        return;
      default:
        this.#calls.receive(kind, frame, frameBytes, now);
        this.#settle();
    }
  }

  #onGoAway({ code, message, details }: GoAway): void {
    if (code === 0 && this.#state !== "greeting") {
      this.#drain();
    } else {
      this.#finish(errorFromWire(code, message, details, undefined, Code.Unavailable));
    }
  }

  #drain(): void {
    if (this.#state === "open") {
      this.#state = "draining";
      this.#server.draining = true;
      this.#events.push({ type: "draining" });
      this.#settle();
    }
  }

  /** After anything about calls: ends a connection that has nothing left to do, or whose client does not read. */
  #settle(): void {
    const { outflow } = this.#server;
    if (outflow.overdrawn) {
      const allowed = 3 * this.limits.maxPendingBytes;
      this.#goAway(limitExceeded(this.limits, "maxPendingBytes", outflow.excessBytes, allowed));
    } else if (this.#state === "draining" && this.#calls.open.size === 0 && outflow.idle) {
      const announced = new ConnectError("The connection has ended, as was announced.", Code.Unavailable);
      this.#finish(announced, announced, true);
    }
  }

  #breach(message: string): void {
    this.#goAway(
      new ConnectError(message, Code.InvalidArgument),
      new ConnectError(`The other end broke the protocol: ${message}`, Code.Internal),
    );
  }

  #goAway(reason: ConnectError, forCalls = reason): void {
    if (this.#state !== "closed") {
      const value = { code: reason.code as number, message: reason.rawMessage, details: detailsToWire(reason) };
      this.#outbox.send(Lane.COMMAND, { case: "goAway", value });
      this.#finish(reason, forCalls);
    }
  }

  #finish(reason: ConnectError, forCalls = reason, drained = false): void {
    if (this.#state !== "closed") {
      this.#state = "closed";
      this.#calls.finishAll(forCalls);
      this.#events.push({ type: "closed", reason, drained });
    }
  }
}
