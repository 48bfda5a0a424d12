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
import { ProtocolBreach } from "./protocol-breach";
import { detailsToWire, metadataToWire } from "./status";

/** The calls that a server answers. */
export class ServerCalls extends Calls {
  /** Set when no new calls are taken. */
  draining = false;
  readonly #numbers = new CallNumbers();

  /** @throws ConnectError when the message is too large to travel; the call is still open then. */
  send(call: Call, { message, tail, revision }: WaitingMessage, last: boolean): void {
    if (call.ended || call.endsAfterWaiting) {
      return;
    }
    const tooLarge = answerTooLarge(this.limits, message.length + (tail?.length ?? 0));
    if (tooLarge !== undefined) {
      throw tooLarge;
    }
    if (call.latestWins && !call.maySend) {
      call.countSkipped(call.skipped + (call.waiting === undefined ? 0 : 1));
      call.waiting = { message, tail, revision };
      call.endsAfterWaiting = last;
    } else {
      this.#sendNow(call, { message, tail, revision }, last);
    }
  }

  end(call: Call, error: ConnectError | undefined): void {
    if (call.ended) {
      return;
    }
    if (error === undefined && call.waiting !== undefined) {
      call.endsAfterWaiting = true;
      return;
    }
    this.#sendStatus(call.number, call.lane, error);
    this.forget(call, error);
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
        return this.#onCredit(this.find(kind.value.call), kind.value);
      default:
        this.misplaced(kind);
    }
  }

  protected override wasOpened(number: number): boolean {
    return this.#numbers.used(number);
  }

  protected override expire(call: Call, error: ConnectError): void {
    this.#sendStatus(call.number, call.lane, error);
  }

  #onOpen(open: Open, frame: Frame, frameBytes: number, now: number): void {
    if (!this.#numbers.use(open.call)) {
      throw new ProtocolBreach(`Call number ${open.call} cannot be opened: it was used before, or is out of line.`);
    }
    const refusal = this.#refusal(frameBytes);
    if (refusal !== undefined) {
      this.#sendStatus(open.call, Lane.COMMAND, refusal);
      return;
    }
    // Not the frame's lane: how urgent an answer is, is for the method's policy to say, once the method is found.
    const call = new Call(open.call, open.method, Lane.COMMAND, open.credit ?? this.initialCredit());
    call.halfClosed = open.halfClose;
    if (open.hasMessage) {
      call.countReceived(open.message.length + frame.tail.length);
    }
    this.begin(call, open.timeoutMs || undefined, now);
    this.events.push({ type: "call", call, open, tail: frame.tail });
  }

  #refusal(frameBytes: number): ConnectError | undefined {
    if (this.draining) {
      return new ConnectError("The server takes no new calls: it is about to end.", Code.Unavailable);
    }
    if (frameBytes > this.limits.maxRequestBytes) {
      return limitExceeded(this.limits, "maxRequestBytes", frameBytes);
    }
    if (this.open.size >= this.limits.maxOpenCalls) {
      return limitExceeded(this.limits, "maxOpenCalls", this.open.size + 1);
    }
    return undefined;
  }

  #onMessage({ call: number, message }: Message, tail: Uint8Array, frameBytes: number): void {
    const call = this.find(number);
    if (call === undefined) {
      return;
    }
    if (call.halfClosed) {
      throw new ProtocolBreach(`Call ${number} got a message after the client had half-closed it.`);
    }
    if (frameBytes > this.limits.maxRequestBytes) {
      const error = limitExceeded(this.limits, "maxRequestBytes", frameBytes);
      this.#sendStatus(number, call.lane, error);
      this.finish(call, error);
      return;
    }
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
      const error = new ConnectError(reason || "The client gave the call up.", Code.Canceled);
      this.#sendStatus(call.number, call.lane, error);
      this.finish(call, error);
    }
  }

  #onCredit(call: Call | undefined, { messages, bytes }: Credit): void {
    if (call === undefined) {
      return;
    }
    call.credit.grant(messages, bytes);
    call.track?.acknowledged(messages);
    const { waiting } = call;
    if (waiting !== undefined && call.credit.open) {
      call.waiting = undefined;
      this.#sendNow(call, waiting, call.endsAfterWaiting);
    }
    if (call.maySend) {
      this.events.push({ type: "credit", call });
    }
  }

  #sendNow(call: Call, { message, tail, revision }: WaitingMessage, last: boolean): void {
    const bytes = message.length + (tail?.length ?? 0);
    if (call.credited) {
      call.credit.spend(bytes);
    }
    call.countSent(bytes);
    if (revision !== undefined) {
      call.track?.sent(revision, call.skipped);
    }
    const value = { call: call.number, message, last, skipped: BigInt(call.skipped) };
    this.outbox.send(call.lane, { case: "message", value }, tail);
    if (last) {
      this.forget(call, undefined);
    }
  }

  #sendStatus(call: number, lane: Lane, error: ConnectError | undefined): void {
    const value =
      error === undefined
        ? { call }
        : {
            call,
            code: error.code as number,
            message: error.rawMessage,
            details: detailsToWire(error),
            metadata: metadataToWire(error.metadata),
          };
    this.outbox.send(lane, { case: "status", value });
  }
}
