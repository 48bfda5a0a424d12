import type { ConnectError } from "@connectrpc/connect";
import { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import type { Call, WaitingMessage } from "./call";
import { ConnectionCredit } from "./credit";
import { encodeEnvelope } from "./envelope";
import { frameBytes } from "./frame";
import { FRAME_OVERHEAD_BYTES, limitExceeded } from "./limits";
import type { Outbox } from "./outbox";
import { FrameCutter } from "./parts";
import type { ProtocolLimits } from "./protocol";

/** What a status costs to keep, beside its bytes. */
const STATUS_OVERHEAD_BYTES = 256;

const NO_BYTES = new Uint8Array(0);

/** The lanes whose frames wait for the connection's credit, the more urgent first. */
const GATED: readonly Lane[] = [Lane.STATE, Lane.FRAME];

/** What an outflow tells. */
export interface OutflowListener {
  /** The end of a call that ended well has left. */
  ended(call: Call): void;
  /** A message that waited would take the connection too far beyond its credit. */
  refused(call: Call, error: ConnectError): void;
  /** The turn of a reliable stream has come, which had nothing to send. */
  turn(call: Call): void;
}

/**
 * What a server sends of its calls, as far as the connection's credit lets it: urgent lanes at once, the others in the order of their lanes, the calls of a
 * lane in turn. What can go goes at once, so something waits only while there is no credit.
 */
export class Outflow {
  /** Calls with something to send, in the order of their turns. */
  readonly #turns = new Map(GATED.map((lane) => [lane, new Set<Call>()]));
  #credit: ConnectionCredit | undefined;
  /** By lane, the call whose message was cut last. */
  readonly #inParts = new Map<Lane, Call>();
  /** Answers and statuses that wait, of calls whose streams' own credit does not bound them. */
  #owedBytes = 0;

  constructor(
    private readonly limits: ProtocolLimits,
    private readonly outbox: Outbox,
    private readonly told: OutflowListener,
  ) {}

  /** The client knows parts and credit of the connection. */
  limit(): void {
    this.#credit = new ConnectionCredit(this.limits.connectionCreditBytes);
  }

  get limited(): boolean {
    return this.#credit !== undefined;
  }

  /** Bytes that travelled and were not given back; 0 where the client does not give them back. */
  get bytesInFlight(): number {
    return this.#credit?.spent ?? 0;
  }

  /** Bytes beyond the connection's credit: those sent on urgent lanes, and those that wait. */
  get excessBytes(): number {
    return this.#owedBytes + Math.max(0, -(this.#credit?.rest ?? 0));
  }

  /** So much went that was too urgent to wait, and nothing of it was read, that the client does not read at all. */
  get overdrawn(): boolean {
    return this.#credit !== undefined && this.#credit.rest < -3 * this.limits.maxPendingBytes;
  }

  /** Whether nothing waits. */
  get idle(): boolean {
    return [...this.#turns.values()].every((turn) => turn.size === 0);
  }

  /** Whether frames of a lane go at once. */
  open(lane: Lane): boolean {
    return lane < Lane.STATE || this.#credit === undefined || this.#credit.rest > 0;
  }

  /** The client gave bytes back. */
  giveBack(bytes: number): void {
    this.#credit?.giveBack(bytes);
    this.#pump();
  }

  /**
   * Sends a message of a call, or keeps it until it may go.
   *
   * @throws ConnectError when too many bytes of answers wait already.
   */
  message(call: Call, message: WaitingMessage, last: boolean): void {
    if (call.maySend) {
      const refusal = this.#overdraft(message);
      if (refusal !== undefined) {
        throw refusal;
      }
      call.ending = last;
      this.#begin(call, message);
      if (call.cutter !== undefined) {
        this.#queue(call);
      }
      return;
    }
    this.#keep(call, message);
    call.ending = last;
    if (mayBegin(call)) {
      this.#queue(call);
    }
  }

  /** The stream's own credit has grown: what waits for it may go. */
  granted(call: Call): void {
    if (call.credit.open) {
      // A wish that was noted stays: the message that waits leaves later, and whoever has sent it waits for word.
      call.wantsTurn ||= !call.latestWins && call.waiting === undefined;
      this.#queue(call);
    }
  }

  /** Tells by `onTurn` when a reliable stream may send again. */
  awaitTurn(call: Call): void {
    if (!call.ended && call.credit.open && !this.open(call.lane)) {
      call.wantsTurn = true;
      this.#queue(call);
    }
  }

  /** Ends a call well after what it still has to send. */
  endAfterAll(call: Call): void {
    call.ending = true;
    if (call.waiting === undefined && call.cutter === undefined) {
      this.#queue(call);
    }
  }

  /** Sends the status of a call that has ended, of which nothing waits any more. */
  status(call: Call, frame: Uint8Array): void {
    if (this.open(call.lane)) {
      this.#sent(frame);
    } else {
      call.status = frame;
      this.#owe(call, frame.length + STATUS_OVERHEAD_BYTES);
      this.#queue(call);
    }
  }

  /** Sends a status of a call that was refused, urgently. */
  refusal(frame: Uint8Array): void {
    this.#sent(frame);
  }

  /** Drops what waits of a call. */
  forget(call: Call): void {
    call.waiting = undefined;
    call.cutter = undefined;
    call.wantsTurn = false;
    this.#turns.get(call.lane)?.delete(call);
    this.#owe(call, 0);
  }

  /** What the connection's end of credit says to a message that is too urgent to wait for any. */
  #overdraft(message: WaitingMessage): ConnectError | undefined {
    const excessBytes = frameBound(message) - (this.#credit?.rest ?? Number.POSITIVE_INFINITY);
    const allowed = 2 * this.limits.maxPendingBytes;
    return excessBytes > allowed ? limitExceeded(this.limits, "maxPendingBytes", excessBytes, allowed) : undefined;
  }

  /** Keeps a message in the call's one slot. */
  #keep(call: Call, message: WaitingMessage): void {
    const bytes = message.message.length + (message.tail?.length ?? 0);
    if (call.latestWins) {
      if (call.waiting !== undefined) {
        call.countSkipped(call.skipped + 1);
      }
    } else if (call.waiting !== undefined || (call.credited && !call.credit.open)) {
      throw new Error("a message was sent without credit");
    } else if (!call.credited) {
      if (this.#owedBytes + bytes > 2 * this.limits.maxPendingBytes) {
        throw limitExceeded(this.limits, "maxPendingBytes", this.#owedBytes + bytes);
      }
      this.#owe(call, bytes);
    }
    call.waiting = message;
  }

  /** A call has something to do: at once on an urgent lane, else when its turn comes. */
  #queue(call: Call): void {
    const turn = this.#turns.get(call.lane);
    if (turn === undefined) {
      while (this.#step(call));
    } else {
      turn.add(call);
      this.#pump();
    }
  }

  #pump(): void {
    for (const [lane, turn] of this.#turns) {
      while (this.open(lane)) {
        const { value: call } = turn.values().next();
        if (call === undefined) {
          break;
        }
        turn.delete(call);
        if (this.#mustWait(call) || this.#step(call)) {
          turn.add(call);
        }
      }
    }
  }

  /**
   * Whether a call would begin to send parts while those of another are under way on its lane, or the other's end, which tells the client that no more of
   * them come. The other has its turn too, so somebody goes.
   */
  #mustWait(call: Call): boolean {
    const other = this.#inParts.get(call.lane);
    const { status, cutter, waiting } = call;
    const begins = status === undefined && cutter === undefined && waiting !== undefined;
    const unfinished = other?.cutter !== undefined || other?.status !== undefined;
    return begins && unfinished && frameBound(waiting) > this.limits.maxWholeFrameBytes;
  }

  /** Sends one frame of a call. True when there is more that could go. */
  #step(call: Call): boolean {
    const { status, cutter, waiting } = call;
    if (status !== undefined) {
      call.status = undefined;
      this.#owe(call, 0);
      this.#sent(status);
    } else if (cutter !== undefined) {
      this.#piece(call, cutter);
    } else if (waiting !== undefined && mayBegin(call)) {
      call.waiting = undefined;
      this.#owe(call, 0);
      const refusal = this.#overdraft(waiting);
      if (refusal === undefined) {
        this.#begin(call, waiting);
      } else {
        this.told.refused(call, refusal);
      }
    } else if (call.ending && waiting === undefined && !call.ended) {
      this.#sent(this.outbox.encode(call.lane, { case: "status", value: { call: call.number } }));
      this.told.ended(call);
    } else if (call.wantsTurn) {
      call.wantsTurn = false;
      this.told.turn(call);
      return false;
    }
    return !call.ended && hasMore(call);
  }

  /** Begins to send a message, which its call's own credit allows: the whole frame, or its first piece. */
  #begin(call: Call, { message, tail = NO_BYTES, revision }: WaitingMessage): void {
    const bytes = message.length + tail.length;
    const last = call.ending;
    if (call.credited) {
      call.credit.spend(bytes);
    }
    call.countSent(bytes);
    if (revision !== undefined) {
      call.track?.sent(revision, call.skipped);
    }
    const value = { call: call.number, message, last, skipped: BigInt(call.skipped) };
    const envelope = encodeEnvelope({ case: "message", value });
    const total = frameBytes(envelope.length, tail.length);
    if (this.#credit !== undefined && total > this.limits.maxWholeFrameBytes) {
      this.#inParts.set(call.lane, call);
      call.cutter = new FrameCutter(call.lane, envelope, tail, total, this.limits.partBytes, last);
      this.#piece(call, call.cutter);
      return;
    }
    this.#sent(this.outbox.frame(call.lane, envelope, tail));
    if (last) {
      this.told.ended(call);
    }
  }

  #piece(call: Call, cutter: FrameCutter): void {
    const { offset, bytes } = cutter.take();
    const value = { call: call.number, frameBytes: cutter.frameBytes, offset };
    this.#sent(this.outbox.encode(call.lane, { case: "part", value }, bytes));
    if (cutter.done) {
      call.cutter = undefined;
      if (cutter.last) {
        this.told.ended(call);
      }
    }
  }

  #sent(frame: Uint8Array): void {
    this.#credit?.spend(frame.length);
    this.outbox.add(frame);
  }

  /** A call owes so many bytes from now on. */
  #owe(call: Call, bytes: number): void {
    this.#owedBytes += bytes - call.owedBytes;
    call.owedBytes = bytes;
  }
}

/** The length of a message's frame, at most. */
function frameBound({ message, tail = NO_BYTES }: WaitingMessage): number {
  return message.length + tail.length + FRAME_OVERHEAD_BYTES;
}

/** Whether the waiting message of a call has the credit of its own stream. */
function mayBegin(call: Call): boolean {
  return !call.credited || call.credit.open;
}

function hasMore(call: Call): boolean {
  const more = call.waiting === undefined ? call.ending : mayBegin(call);
  return call.cutter !== undefined || more || call.wantsTurn;
}
