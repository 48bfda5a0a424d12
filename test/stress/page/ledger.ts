/** Keeps account of numbered commands: each is answered once, rightly, and in the order in which those of its kind were sent. */
import type { WindowReport } from "../order";

type Account = Pick<
  WindowReport,
  | "sent"
  | "answered"
  | "failed"
  | "firstFailure"
  | "outOfOrder"
  | "firstDisorder"
  | "p50Ms"
  | "p99Ms"
  | "mostMs"
  | "slowest"
>;

export class Ledger {
  readonly #open = new Set<number>();
  readonly #lastAnswered = new Map<string, number>();
  /** Milliseconds, as many as there are answers. */
  readonly #latencies: Float64Array;
  #sent = 0;
  #answered = 0;
  #failed = 0;
  #firstFailure = "";
  #outOfOrder = 0;
  #firstDisorder = "";
  #mostMs = 0;
  #slowest = "";

  /** @param most - how many commands there will be at most. */
  constructor(most: number) {
    this.#latencies = new Float64Array(most);
  }

  /** How many have no answer yet. */
  get open(): number {
    return this.#open.size;
  }

  /** A command is about to be sent; gives back its number. */
  send(): number {
    this.#sent += 1;
    this.#open.add(this.#sent);
    return this.#sent;
  }

  answer(kind: string, number: number, latencyMs: number): void {
    if (!this.#open.delete(number)) {
      this.#fail(`Command ${String(number)} was answered and was not open.`);
      return;
    }
    const last = this.#lastAnswered.get(kind) ?? 0;
    if (number < last) {
      this.#outOfOrder += 1;
      this.#firstDisorder ||= `${kind} ${String(number)} after ${String(last)}`;
    }
    this.#lastAnswered.set(kind, number);
    if (latencyMs > this.#mostMs) {
      this.#mostMs = latencyMs;
      this.#slowest = `${kind} ${String(number)}`;
    }
    this.#latencies[this.#answered] = latencyMs;
    this.#answered += 1;
  }

  fail(number: number, reason: string): void {
    this.#open.delete(number);
    this.#fail(reason);
  }

  account(): Account {
    const sorted = this.#latencies.slice(0, this.#answered).sort();
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    return {
      sent: this.#sent,
      answered: this.#answered,
      failed: this.#failed,
      firstFailure: this.#firstFailure,
      outOfOrder: this.#outOfOrder,
      firstDisorder: this.#firstDisorder,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      mostMs: this.#mostMs,
      slowest: this.#slowest,
    };
  }

  #fail(reason: string): void {
    this.#failed += 1;
    this.#firstFailure ||= reason;
  }
}
