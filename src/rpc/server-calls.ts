import { Code, ConnectError } from "@connectrpc/connect";
import type { Credit, Message, Open } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { Call } from "./call";
import type { WaitingMessage } from "./call";
import { CallNumbers } from "./call-numbers";
import { Calls } from "./calls";
import type { EnvelopeKind } from "./envelope";
import type { Frame } from "./frame";
import { answerTooLarge, limitExceeded } from "./limits";
import { Outflow } from "./outflow";
import { ProtocolBreach } from "./protocol-breach";
import { detailsToWire, metadataToWire } from "./status";

/** The calls that a server answers. */
export class ServerCalls extends Calls {
  /** Set when no new calls are taken. */
  draining = false;
  readonly outflow: Outflow;
  readonly #numbers = new CallNumbers();

  constructor(...given: ConstructorParameters<typeof Calls>) {
    super(...given);
    this.outflow = new Outflow(this.limits, this.outbox, {
      ended: (call) => this.forget(call, undefined),
      refused: (call, error) => this.expire(call, error),
      turn: (call) => {
        if (call.maySend) {
          this.events.push({ type: "credit", call });
        }
      },
    });
  }

  /** @throws ConnectError when the message is too large to travel, or too much waits; the call is still open then. */
  send(call: Call, message: WaitingMessage, last: boolean): void {
    if (call.ended || call.ending) {
      return;
    }
    const tooLarge = answerTooLarge(this.limits, message.message.length + (message.tail?.length ?? 0));
    if (tooLarge !== undefined) {
      throw tooLarge;
    }
    this.outflow.message(call, message, last);
  }

  end(call: Call, error: ConnectError | undefined): void {
    if (call.ended) {
      return;
    }
    if (error === undefined) {
      this.outflow.endAfterAll(call);
    } else {
      this.forget(call, error);
      this.#sendStatus(call, error);
    }
  }

  override receive(kind: EnvelopeKind, frame: Frame, frameBytes: number, now: number): void {
    switch (kind.case) {
      case "open":
        return this.#onOpen(kind.value, frame, frameBytes, now);
      case "message":
        return this.#onMessage(kind.value, frame.tail, frameBytes);
      case "halfClose":
        return this.#onHalfClose(this.find(kind.value.call));
      case "cancel":
        return this.#onCancel(this.find(kind.value.call), kind.value.reason);
      case "credit":
        return this.#onCredit(kind.value);
      default:
        this.misplaced(kind);
    }
  }

  protected override wasOpened(number: number): boolean {
    return this.#numbers.used(number);
  }

  protected override forget(call: Call, error: ConnectError | undefined): void {
    super.forget(call, error);
    this.outflow.forget(call);
  }

  protected override expire(call: Call, error: ConnectError): void {
    this.finish(call, error);
    this.#sendStatus(call, error);
  }

  #onOpen(open: Open, frame: Frame, frameBytes: number, now: number): void {
    if (!this.#numbers.use(open.call)) {
      throw new ProtocolBreach(`Call number ${open.call} cannot be opened: it was used before, or is out of line.`);
    }
    const refusal = this.#refusal(frameBytes);
    if (refusal !== undefined) {
      this.outflow.refusal(
        this.outbox.encode(Lane.COMMAND, { case: "status", value: statusValue(open.call, refusal) }),
      );
      return;
    }
    // Not the frame's lane: how urgent an answer is, is for the method's policy to say, once the method is found.
    const call = new Call(open.call, open.method, Lane.COMMAND, open.credit ?? this.initialCredit(), this.outflow);
    call.halfClosed = open.halfClose;
    if (open.hasMessage) {
      call.countReceived(open.message.length + frame.tail.length);
    }
    this.begin(call, frameBytes, open.timeoutMs || undefined, now);
    this.events.push({ type: "call", call, open, tail: frame.tail });
  }

  #refusal(frameBytes: number): ConnectError | undefined {
    if (this.draining) {
      return new ConnectError("The server takes no new calls: it is about to end.", Code.Unavailable);
    }
    const refusal = this.requestRefusal(frameBytes);
    const { excessBytes } = this.outflow;
    if (refusal === undefined && excessBytes > this.limits.maxPendingBytes) {
      return limitExceeded(this.limits, "maxPendingBytes", excessBytes);
    }
    return refusal;
  }

  #onMessage({ call: number, message }: Message, tail: Uint8Array, frameBytes: number): void {
    const call = this.find(number);
    if (call === undefined) {
      return;
    }
    if (call.halfClosed) {
      throw new ProtocolBreach(`Call ${number} got a message after the client had half-closed it.`);
    }
    const refusal = this.moreRefusal(frameBytes);
    if (refusal !== undefined) {
      this.expire(call, refusal);
      return;
    }
    call.requestBytes += frameBytes;
    this.pendingBytes += frameBytes;
    call.countReceived(message.length + tail.length);
    this.events.push({ type: "message", call, message, tail, skipped: 0 });
  }

  #onHalfClose(call: Call | undefined): void {
    if (call !== undefined && !call.halfClosed) {
      call.halfClosed = true;
      this.events.push({ type: "half-closed", call });
    }
  }

  #onCancel(call: Call | undefined, reason: string): void {
    if (call !== undefined) {
      this.expire(call, new ConnectError(reason || "The client gave the call up.", Code.Canceled));
    }
  }

  #onCredit({ call: number, messages, bytes }: Credit): void {
    if (number === 0 && this.outflow.limited) {
      this.outflow.giveBack(bytes);
      return;
    }
    const call = this.find(number);
    if (call !== undefined) {
      call.credit.grant(messages, bytes);
      call.track?.acknowledged(messages);
      this.outflow.granted(call);
    }
  }

  #sendStatus(call: Call, error: ConnectError): void {
    const value = statusValue(call.number, error);
    this.outflow.status(call, this.outbox.encode(call.lane, { case: "status", value }));
  }
}

function statusValue(call: number, error: ConnectError) {
  return {
    call,
    code: error.code as number,
    message: error.rawMessage,
    details: detailsToWire(error),
    metadata: metadataToWire(error.metadata),
  };
}
