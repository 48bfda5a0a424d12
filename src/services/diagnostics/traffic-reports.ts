/** The counts of processes that serve nobody, as they report them: windows and pages. */
import type { ProcessTraffic } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";

/** Three reports missed. */
export const FORGET_AFTER_MS = 15_000;
export const MOST_REPORTS = 64;
/** As the schema limits it; an answer with a longer one could not be read. */
const MOST_NAME_CHARACTERS = 120;

/** The newest report of each, until its connection ends or nothing more comes of it. */
export class TrafficReports {
  readonly #reports = new Map<
    string,
    { readonly atMs: number; readonly report: ProcessTraffic; readonly of: object }
  >();
  readonly #nowMs: () => number;

  /** @param nowMs - monotonic milliseconds. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * Keeps a report of a connection, until `forget` is called with the same connection. It is named by the connection's label, which the reporter cannot
   * choose: nobody reports in another's name.
   */
  put(of: object, label: string, report: ProcessTraffic): void {
    const key = `${label}\n${report.process}`;
    report.process = named(label, report.process);
    this.#reports.delete(key);
    this.#reports.set(key, { atMs: this.#nowMs(), report, of });
    for (const oldest of this.#reports.keys()) {
      if (this.#reports.size <= MOST_REPORTS) break;
      this.#reports.delete(oldest);
    }
  }

  /** The connection has ended. Reports that replaced its own, of another with the same names, stay. */
  forget(of: object): void {
    for (const [key, entry] of this.#reports) if (entry.of === of) this.#reports.delete(key);
  }

  /** What is known, by name. */
  newest(): ProcessTraffic[] {
    const oldestMs = this.#nowMs() - FORGET_AFTER_MS;
    for (const [key, { atMs }] of this.#reports) if (atMs < oldestMs) this.#reports.delete(key);
    return [...this.#reports].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, { report }]) => report);
  }
}

/** A window does not know its number: what says less than the label is the label. */
function named(label: string, process: string): string {
  const name = label.startsWith(process) ? label : process.startsWith(label) ? process : `${label}: ${process}`;
  return Array.from(name).slice(0, MOST_NAME_CHARACTERS).join("");
}
