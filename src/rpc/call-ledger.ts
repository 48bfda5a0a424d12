import type { Code } from "@connectrpc/connect";
import type { ConnectError } from "@connectrpc/connect";
import type { Call } from "./call";
import type { Clock } from "./clock";
import type { CallSide, Traffic } from "./traffic";

/** A call that has ended, for whoever logs calls. */
export interface CallRecord {
  readonly side: CallSide;
  /** "/package.Service/Method"; at a server what the client asked for, whether it is served or not. */
  readonly method: string;
  /** Who is at the other end. */
  readonly peer: string;
  /** 0 is success, else the error's code. */
  readonly code: Code | 0;
  readonly durationMs: number;
  readonly messagesSent: number;
  readonly messagesReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Messages of a latest-wins stream that newer ones replaced. */
  readonly skipped: number;
}

/** Told of each call once, when it has ended. What it throws is logged, and changes nothing. */
export type CallListener = (record: CallRecord) => void;

/** Counts the calls of one side of one connection, and tells of each when it ends. */
export class CallLedger {
  constructor(
    private readonly side: CallSide,
    private readonly traffic: Traffic,
    private readonly clock: Clock,
    private readonly peer: () => string,
    private readonly onCall: CallListener | undefined,
  ) {}

  /** A call of a method that the schema knows has begun; what it has sent and got already counts. */
  began(call: Call, method: string): void {
    const tally = this.traffic.tally(method, this.side);
    call.tally = tally;
    call.beganAt = this.clock.now();
    tally.calls += 1;
    tally.openCalls += 1;
    tally.messagesSent += call.messagesSent;
    tally.messagesReceived += call.messagesReceived;
    tally.bytesSent += call.bytesSent;
    tally.bytesReceived += call.bytesReceived;
  }

  /** A call has ended. */
  ended(call: Call, error: ConnectError | undefined): void {
    const code = error === undefined ? 0 : error.code;
    const { tally } = call;
    const durationMs = tally === undefined ? 0 : Math.max(0, this.clock.now() - call.beganAt);
    if (tally !== undefined) {
      tally.openCalls -= 1;
      tally.latency.add(durationMs);
      if (code !== 0) {
        tally.errors.set(code, (tally.errors.get(code) ?? 0) + 1);
      }
    }
    if (this.onCall !== undefined) {
      this.#tell(this.onCall, call, code, durationMs);
    }
  }

  #tell(onCall: CallListener, call: Call, code: Code | 0, durationMs: number): void {
    const { method, messagesSent, messagesReceived, bytesSent, bytesReceived, skipped } = call;
    const counts = { messagesSent, messagesReceived, bytesSent, bytesReceived, skipped };
    try {
      onCall({ side: this.side, method, peer: this.peer(), code, durationMs, ...counts });
    } catch (error) {
      console.error(`The listener for calls failed at ${method}:`, error);
    }
  }
}
