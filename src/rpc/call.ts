import type { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { SendCredit } from "./credit";
import type { CreditWindow } from "./credit";
import type { FrameCutter, FrameParts } from "./parts";
import type { ReceiverTrack } from "./receivers";
import type { MethodTally } from "./traffic";

/** A message that waits for credit; a newer one replaces it. */
export interface WaitingMessage {
  readonly message: Uint8Array;
  readonly tail: Uint8Array | undefined;
  /** Of a broadcast: which state it is. */
  readonly revision?: bigint | undefined;
}

/** One call of a connection, as one end sees it. The connection changes it; others read. */
export class Call {
  /** Set once the call has ended here; nothing is sent or told after that. */
  ended = false;
  /** Set once the client has sent all it will send. */
  halfClosed = false;
  /** Milliseconds of the connection's clock; infinite without a deadline. */
  deadlineAt = Number.POSITIVE_INFINITY;

  /** A server's stream promises only the newest message; set before the first is sent. */
  latestWins = false;
  /** Whether messages need credit: those of a stream do, a unary answer does not. */
  credited = false;
  /** What this end may still send. */
  readonly credit: SendCredit;
  /** What this end has let the other send and has not yet got, in messages. */
  receivable: number;
  /** The one message that waits for credit; a newer one of a latest-wins stream replaces it. */
  waiting: WaitingMessage | undefined;
  /** The rest of a long message that has begun to leave. */
  cutter: FrameCutter | undefined;
  /** Nothing more is sent; the call ends well as soon as what waits has left. */
  ending = false;
  /** The status of a call that has ended, while it waits for the connection's credit. */
  status: Uint8Array | undefined;
  /** A reliable stream that wants to know when its turn comes. */
  wantsTurn = false;
  /** What the call keeps waiting beyond any credit. */
  owedBytes = 0;
  /** Bytes of the frames of its request. */
  requestBytes = 0;
  /** A client's: the message that comes in parts. */
  parts: FrameParts | undefined;
  /** Messages replaced before they could leave, since the call began. */
  skipped = 0;

  /** Where its method is counted; unset where nobody counts, and for a method that nobody knows. */
  tally: MethodTally | undefined;
  /** Milliseconds of the ledger's clock. */
  beganAt = 0;
  messagesSent = 0;
  messagesReceived = 0;
  /** Of messages with their tails. */
  bytesSent = 0;
  bytesReceived = 0;
  /** Where the receiver of a broadcast is followed. */
  track: ReceiverTrack | undefined;

  constructor(
    readonly number: number,
    /** "/package.Service/Method". */
    readonly method: string,
    /** Frames of the call travel on this lane; a server sets it by the method's policy. */
    public lane: Lane,
    window: CreditWindow,
    /** A server's: what the frames of all its calls pass through. */
    private readonly gate?: { open(lane: Lane): boolean },
  ) {
    this.credit = new SendCredit(window);
    this.receivable = window.messages;
  }

  /** Whether a message of a server would leave at once. */
  get maySend(): boolean {
    const free = !this.ended && !this.ending && this.waiting === undefined && this.cutter === undefined;
    return free && (!this.credited || this.credit.open) && (this.gate?.open(this.lane) ?? true);
  }

  /** A message left, with its tail so many bytes long. */
  countSent(bytes: number): void {
    this.messagesSent += 1;
    this.bytesSent += bytes;
    if (this.tally !== undefined) {
      this.tally.messagesSent += 1;
      this.tally.bytesSent += bytes;
    }
  }

  /** A message came, with its tail so many bytes long. */
  countReceived(bytes: number): void {
    this.messagesReceived += 1;
    this.bytesReceived += bytes;
    if (this.tally !== undefined) {
      this.tally.messagesReceived += 1;
      this.tally.bytesReceived += bytes;
    }
  }

  /** So many messages have been replaced since the call began. */
  countSkipped(skipped: number): void {
    if (this.tally !== undefined) {
      this.tally.skipped += skipped - this.skipped;
    }
    this.skipped = skipped;
  }
}
