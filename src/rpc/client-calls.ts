import { Code, ConnectError } from "@connectrpc/connect";
import type { Message, Status } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import type { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { Call } from "./call";
import { Calls } from "./calls";
import type { CreditWindow } from "./credit";
import type { EnvelopeKind } from "./envelope";
import type { Frame } from "./frame";
import { limitExceeded } from "./limits";
import { ProtocolBreach } from "./protocol-breach";
import { errorFromWire } from "./status";

const MAX_TIMEOUT_MS = 0xffffffff;
const MAX_REASON_LENGTH = 1000;

/** What a call begins with. */
export interface CallStart {
  /** "/package.Service/Method". */
  readonly method: string;
  readonly lane: Lane;
  /** The request without its tail. */
  readonly message: Uint8Array;
  readonly tail?: Uint8Array | undefined;
  /** Undefined is no deadline. */
  readonly timeoutMs?: number | undefined;
  readonly metadata?: Record<string, string> | undefined;
  /** The first grant for a stream's answers; by default the protocol's. */
  readonly credit?: CreditWindow | undefined;
  /** Whether answers are a stream, and so need credit. */
  readonly stream: boolean;
}

/** The calls that a client makes. */
export class ClientCalls extends Calls {
  #last = 0;

  /** @throws ConnectError when there are too many calls, or the request is too large. */
  start(start: CallStart, now: number): Call {
    if (this.open.size >= this.limits.maxOpenCalls) {
      throw limitExceeded(this.limits, "maxOpenCalls", this.open.size + 1);
    }
    const { credit, timeoutMs } = start;
    const call = new Call(this.#last + 1, start.method, start.lane, credit ?? this.initialCredit());
    const value = {
      call: call.number,
      method: start.method,
      timeoutMs: timeoutMs === undefined ? 0 : Math.min(Math.max(1, Math.ceil(timeoutMs)), MAX_TIMEOUT_MS),
      metadata: start.metadata ?? {},
      message: start.message,
      hasMessage: true,
      halfClose: true,
      ...(credit === undefined ? {} : { credit: { messages: credit.messages, bytes: credit.bytes } }),
    };
    const frame = this.outbox.encode(call.lane, { case: "open", value }, start.tail);
    if (frame.length > this.limits.maxRequestBytes) {
      throw limitExceeded(this.limits, "maxRequestBytes", frame.length);
    }
    this.#last = call.number;
    call.halfClosed = true;
    call.credited = start.stream;
    call.countSent(start.message.length + (start.tail?.length ?? 0));
    this.begin(call, timeoutMs, now);
    this.outbox.add(frame);
    return call;
  }

  halfClose(call: Call): void {
    if (!call.ended && !call.halfClosed) {
      call.halfClosed = true;
      this.outbox.send(call.lane, { case: "halfClose", value: { call: call.number } });
    }
  }

  cancel(call: Call, reason: string): void {
    if (!call.ended) {
      this.#sendCancel(call, reason);
      this.forget(call, new ConnectError(reason, Code.Canceled));
    }
  }

  grant(call: Call, { messages, bytes }: CreditWindow): void {
    if (!call.ended) {
      call.receivable += messages;
      this.outbox.send(call.lane, { case: "credit", value: { call: call.number, messages, bytes } });
    }
  }

  override receive(kind: EnvelopeKind, frame: Frame): void {
    switch (kind.case) {
      case "message":
        return this.#onMessage(kind.value, frame.tail);
      case "status":
        return this.#onStatus(kind.value);
      case "credit":
        this.find(kind.value.call);
        return;
      default:
        this.misplaced(kind);
    }
  }

  protected override wasOpened(number: number): boolean {
    return number > 0 && number <= this.#last;
  }

  protected override expire(call: Call, error: ConnectError): void {
    this.#sendCancel(call, error.rawMessage);
  }

  #onMessage({ call: number, message, last, skipped }: Message, tail: Uint8Array): void {
    const call = this.find(number);
    if (call === undefined) {
      return;
    }
    if (call.credited) {
      if (call.receivable === 0) {
        throw new ProtocolBreach(`Call ${number} got a message that it had not granted.`);
      }
      call.receivable -= 1;
    }
    call.countReceived(message.length + tail.length);
    call.countSkipped(Number(skipped));
    this.events.push({ type: "message", call, message, tail, skipped: call.skipped });
    if (last) {
      this.finish(call, undefined);
    }
  }

  #onStatus({ call: number, code, message, details, metadata }: Status): void {
    const call = this.find(number);
    if (call !== undefined) {
      this.finish(call, code === 0 ? undefined : errorFromWire(code, message, details, metadata));
    }
  }

  #sendCancel(call: Call, reason: string): void {
    this.outbox.send(call.lane, {
      case: "cancel",
      value: { call: call.number, reason: reason.slice(0, MAX_REASON_LENGTH) },
    });
  }
}
