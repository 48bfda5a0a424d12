import { HandlerEnd } from "../../gen/ts/macroscope/conformance/v1/conformance_pb";

/** One call as its handler saw it. */
export interface CallReport {
  end: HandlerEnd;
  /** Answers that the handler has made. */
  made: number;
}

/** What handlers saw, by the labels of their calls. */
export class CallReports {
  readonly #calls = new Map<string, CallReport[]>();
  readonly #waiters = new Set<() => void>();

  /** A handler begins. Gives back its report, and which call of the label it is, from 1. */
  begin(label: string): { report: CallReport; attempt: number } {
    const calls = this.of(label);
    const report = { end: HandlerEnd.UNSPECIFIED, made: 0 };
    calls.push(report);
    return { report, attempt: calls.length };
  }

  /** Notes that a handler has made an answer. */
  made(report: CallReport): void {
    report.made += 1;
    this.#wake();
  }

  /** Notes how a handler ended. */
  end(report: CallReport, end: HandlerEnd): void {
    report.end = end;
    this.#wake();
  }

  /** The calls of a label so far. */
  of(label: string): CallReport[] {
    let calls = this.#calls.get(label);
    if (calls === undefined) {
      calls = [];
      this.#calls.set(label, calls);
    }
    return calls;
  }

  /** Waits until so many calls of the label have ended, and so many answers were made. */
  async until(label: string, ended: number, made: number, signal: AbortSignal): Promise<void> {
    const enough = () => {
      const calls = this.of(label);
      const over = calls.filter(({ end }) => end !== HandlerEnd.UNSPECIFIED).length;
      return over >= ended && calls.reduce((sum, call) => sum + call.made, 0) >= made;
    };
    while (!enough() && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiters.add(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  #wake(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    waiters.forEach((resolve) => resolve());
  }
}
