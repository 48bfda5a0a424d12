import type { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { SendCredit } from "./credit";
import type { CreditWindow } from "./credit";

/** A message that waits for credit; a newer one replaces it. */
export interface WaitingMessage {
  readonly message: Uint8Array;
  readonly tail: Uint8Array | undefined;
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
  /** The one message of a latest-wins stream that waits for credit. */
  waiting: WaitingMessage | undefined;
  /** The call ends well as soon as the waiting message has left. */
  endsAfterWaiting = false;
  /** Messages replaced before they could leave, since the call began. */
  skipped = 0;

  constructor(
    readonly number: number,
    /** "/package.Service/Method". */
    readonly method: string,
    /** Frames of the call travel on this lane; a server sets it by the method's policy. */
    public lane: Lane,
    window: CreditWindow,
  ) {
    this.credit = new SendCredit(window);
    this.receivable = window.messages;
  }

  /** Whether a message may be sent now. */
  get maySend(): boolean {
    return !this.ended && this.waiting === undefined && (!this.credited || this.credit.open);
  }
}
