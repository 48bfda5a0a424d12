import type { Clock } from "./clock";
import { LatencyHistogram } from "./latency";
import type { Latency } from "./latency";

/** Which end of a call. */
export type CallSide = "client" | "server";

/** The calls of one method at one side, as of now. Bytes are those of messages with their tails. */
export interface MethodCounts {
  /** "/package.Service/Method". */
  readonly method: string;
  readonly side: CallSide;
  /** All that began, those that still run included; each attempt of a call that is made again is one. */
  readonly calls: number;
  readonly openCalls: number;
  /** Calls that ended with an error, by its code. */
  readonly errors: readonly { readonly code: number; readonly calls: number }[];
  readonly messagesSent: number;
  readonly messagesReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Messages of latest-wins streams that newer ones replaced. */
  readonly skipped: number;
  /** From the beginning of a call to its end. */
  readonly latency: Latency;
}

/** The same while it is counted. */
export class MethodTally {
  calls = 0;
  openCalls = 0;
  readonly errors = new Map<number, number>();
  messagesSent = 0;
  messagesReceived = 0;
  bytesSent = 0;
  bytesReceived = 0;
  skipped = 0;
  readonly latency = new LatencyHistogram();

  constructor(
    readonly method: string,
    readonly side: CallSide,
  ) {}

  counts(): MethodCounts {
    const { method, side, calls, openCalls, messagesSent, messagesReceived, bytesSent, bytesReceived, skipped } = this;
    const errors = [...this.errors].sort(([a], [b]) => a - b).map(([code, times]) => ({ code, calls: times }));
    const latency = this.latency.summary();
    return {
      method,
      side,
      calls,
      openCalls,
      errors,
      messagesSent,
      messagesReceived,
      bytesSent,
      bytesReceived,
      skipped,
      latency,
    };
  }
}

/** Counts of methods that this program's schema knows, so it cannot grow without bound. One for a server, one for a channel. */
export class Traffic {
  readonly #tallies: Record<CallSide, Map<string, MethodTally>> = { client: new Map(), server: new Map() };
  readonly #clock: Clock;
  readonly #since: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** For how long it has counted. */
  get countedMs(): number {
    return this.#clock.now() - this.#since;
  }

  /** Where the calls of a method are counted. */
  tally(method: string, side: CallSide): MethodTally {
    const tallies = this.#tallies[side];
    let tally = tallies.get(method);
    if (tally === undefined) {
      tally = new MethodTally(method, side);
      tallies.set(method, tally);
    }
    return tally;
  }

  /** The counts as of now, by method. */
  snapshot(): readonly MethodCounts[] {
    const tallies = [...this.#tallies.client.values(), ...this.#tallies.server.values()];
    return tallies.map((tally) => tally.counts()).sort((a, b) => (a.method < b.method ? -1 : 1));
  }
}
