import { Code, ConnectError } from "@connectrpc/connect";
import type { Call } from "./call";
import type { ConnectionEvent } from "./connection-event";
import type { CreditWindow } from "./credit";
import type { EnvelopeKind } from "./envelope";
import type { Frame } from "./frame";
import { limitExceeded } from "./limits";
import type { Outbox } from "./outbox";
import type { ProtocolLimits } from "./protocol";
import { ProtocolBreach } from "./protocol-breach";

/** Told of each call of a connection once, when it has ended, whichever end ended it. */
export type CallEndListener = (call: Call, error: ConnectError | undefined) => void;

/** The calls of one connection. One class a side adds what that side may do and hear. */
export abstract class Calls {
  /** By number, those that have not ended. */
  readonly open = new Map<number, Call>();
  /** Bytes of the requests of open calls. */
  protected pendingBytes = 0;
  /** When the first deadline passes; may be early, never late. */
  nextDeadlineAt = Number.POSITIVE_INFINITY;

  constructor(
    protected readonly limits: ProtocolLimits,
    protected readonly outbox: Outbox,
    protected readonly events: ConnectionEvent[],
    private readonly onCallEnded: CallEndListener | undefined,
  ) {}

  /**
   * Takes a frame about a call.
   *
   * @throws ProtocolBreach
   */
  abstract receive(kind: EnvelopeKind, frame: Frame, frameBytes: number, now: number): void;

  /** Why a request with so many bytes cannot be taken; undefined when it can. */
  protected requestRefusal(bytes: number): ConnectError | undefined {
    const found = this.open.size + 1;
    if (bytes <= this.limits.maxRequestBytes && found > this.limits.maxOpenCalls) {
      return limitExceeded(this.limits, "maxOpenCalls", found);
    }
    return this.moreRefusal(bytes);
  }

  /** Why so many more bytes of requests cannot be taken; undefined when they can. */
  protected moreRefusal(bytes: number): ConnectError | undefined {
    const { maxRequestBytes, maxPendingBytes } = this.limits;
    if (bytes > maxRequestBytes) {
      return limitExceeded(this.limits, "maxRequestBytes", bytes);
    }
    const pending = this.pendingBytes + bytes;
    return pending > maxPendingBytes ? limitExceeded(this.limits, "maxPendingBytes", pending) : undefined;
  }

  /** Whether a call of this number has ever been. */
  protected abstract wasOpened(number: number): boolean;

  /** Ends an open call with an error that this end has found, such as its deadline, and says so to the other. */
  protected abstract expire(call: Call, error: ConnectError): void;

  /** Ends the calls whose deadline has passed. */
  checkDeadlines(now: number): void {
    if (now < this.nextDeadlineAt) {
      return;
    }
    this.nextDeadlineAt = Number.POSITIVE_INFINITY;
    for (const call of [...this.open.values()]) {
      if (call.deadlineAt <= now) {
        this.expire(call, new ConnectError(`${call.method} did not end before its deadline.`, Code.DeadlineExceeded));
      } else {
        this.nextDeadlineAt = Math.min(this.nextDeadlineAt, call.deadlineAt);
      }
    }
  }

  /** Ends all calls with the connection. */
  finishAll(error: ConnectError): void {
    for (const call of [...this.open.values()]) {
      this.finish(call, error);
    }
  }

  protected begin(call: Call, requestBytes: number, timeoutMs: number | undefined, now: number): void {
    call.requestBytes = requestBytes;
    this.pendingBytes += requestBytes;
    if (timeoutMs !== undefined) {
      call.deadlineAt = now + timeoutMs;
      this.nextDeadlineAt = Math.min(this.nextDeadlineAt, call.deadlineAt);
    }
    this.open.set(call.number, call);
  }

  /** Ends a call that the local end knows to have ended. */
  protected forget(call: Call, error: ConnectError | undefined): void {
    if (!call.ended) {
      call.ended = true;
      call.parts = undefined;
      this.pendingBytes -= call.requestBytes;
      this.open.delete(call.number);
      call.track?.end(error?.rawMessage ?? "The stream has ended.");
      this.onCallEnded?.(call, error);
    }
  }

  /** Ends a call and tells so. */
  protected finish(call: Call, error: ConnectError | undefined): void {
    this.forget(call, error);
    this.events.push({ type: "ended", call, error });
  }

  /** The open call of this number; undefined when it has ended. */
  protected find(number: number): Call | undefined {
    const call = this.open.get(number);
    if (call === undefined && !this.wasOpened(number)) {
      throw new ProtocolBreach(`Call ${number} was never opened.`);
    }
    return call;
  }

  protected misplaced(kind: EnvelopeKind): never {
    throw new ProtocolBreach(`A frame of kind ${kind.case} has no place here.`);
  }

  protected initialCredit(): CreditWindow {
    return { messages: this.limits.initialCreditMessages, bytes: this.limits.initialCreditBytes };
  }
}
