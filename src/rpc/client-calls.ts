import { Code, ConnectError } from "@connectrpc/connect";
import type { Message, Part, Status } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { Call } from "./call";
import { Calls } from "./calls";
import { ArrivalReturn } from "./credit";
import type { CreditWindow } from "./credit";
import { decodeEnvelope } from "./envelope";
import type { EnvelopeKind } from "./envelope";
import type { Frame } from "./frame";
import { FrameParts } from "./parts";
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
  #arrivals: ArrivalReturn | undefined;
  /** By lane, the call whose message came in parts last. */
  readonly #inParts = new Map<number, Call>();

  /** The server knows parts and the connection's credit. */
  limit(): void {
    this.#arrivals = new ArrivalReturn(this.limits.partBytes);
  }

  /** @throws ConnectError when there are too many calls, or the request is too large. */
  start(start: CallStart, now: number): Call {
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
    const refusal = this.requestRefusal(frame.length);
    if (refusal !== undefined) {
      throw refusal;
    }
    this.#last = call.number;
    call.halfClosed = true;
    call.credited = start.stream;
    call.countSent(start.message.length + (start.tail?.length ?? 0));
    this.begin(call, frame.length, timeoutMs, now);
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

  override receive(kind: EnvelopeKind, frame: Frame, frameBytes: number): void {
    switch (kind.case) {
      case "message":
        this.#arrived(frameBytes);
        return this.#onMessage(kind.value, frame.tail);
      case "part":
        this.#arrived(frameBytes);
        return this.#onPart(kind.value, frame);
      case "status":
        this.#arrived(frameBytes);
        return this.#onStatus(kind.value);
      default:
        this.misplaced(kind);
    }
  }

  protected override wasOpened(number: number): boolean {
    return number > 0 && number <= this.#last;
  }

  protected override expire(call: Call, error: ConnectError): void {
    this.#sendCancel(call, error.rawMessage);
    this.finish(call, error);
  }

  #onMessage({ call: number, message, last, skipped }: Message, tail: Uint8Array): void {
    const call = this.find(number);
    if (call === undefined) {
      return;
    }
    if (call.parts !== undefined) {
      throw new ProtocolBreach(`Call ${number} got a message between the parts of another.`);
    }
    if (call.credited) {
      mustBeGranted(call);
      call.receivable -= 1;
    }
    call.countReceived(message.length + tail.length);
    call.countSkipped(Number(skipped));
    this.events.push({ type: "message", call, message, tail, skipped: call.skipped });
    if (last) {
      this.finish(call, undefined);
    }
  }

  #onPart(part: Part, { lane, tail }: Frame): void {
    if (this.#arrivals === undefined) {
      throw new ProtocolBreach("A part came from a server whose version does not know them.");
    }
    const call = this.find(part.call);
    if (call === undefined) {
      return;
    }
    if (call.parts === undefined) {
      mustBeGranted(call);
      this.#mustBeNext(call, lane);
      call.parts = new FrameParts(lane, part, this.limits.maxFrameBytes);
    }
    const whole = call.parts.add(lane, part, tail);
    if (whole !== undefined) {
      call.parts = undefined;
      const inner = decodeEnvelope(whole);
      if (inner.case !== "message" || inner.value.call !== part.call) {
        throw new ProtocolBreach(`The parts of call ${part.call} are not a message of it.`);
      }
      this.#onMessage(inner.value, whole.tail);
    }
  }

  /** A lane brings one frame in parts after the other, which bounds what is kept of unfinished ones. */
  #mustBeNext(call: Call, lane: number): void {
    const other = this.#inParts.get(lane);
    if (other?.parts !== undefined) {
      throw new ProtocolBreach(`A part of call ${call.number} came between those of call ${other.number}.`);
    }
    this.#inParts.set(lane, call);
  }

  /** Gives back what the frames of calls take of the connection's credit, whether anybody has looked at them or not. */
  #arrived(frameBytes: number): void {
    const bytes = this.#arrivals?.arrived(frameBytes) ?? 0;
    if (bytes > 0) {
      this.outbox.send(Lane.COMMAND, { case: "credit", value: { bytes } });
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

function mustBeGranted(call: Call): void {
  if (call.credited && call.receivable === 0) {
    throw new ProtocolBreach(`Call ${call.number} got a message that it had not granted.`);
  }
}
