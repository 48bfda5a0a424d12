import type { Clock } from "../../src/rpc";

/** A clock that goes when the test says so. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #alarms: { readonly atMs: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  setTimeout(callback: () => void, delayMs: number): unknown {
    const alarm = { atMs: this.#nowMs + delayMs, callback };
    this.#alarms.push(alarm);
    return alarm;
  }

  clearTimeout(handle: unknown): void {
    this.#alarms = this.#alarms.filter((alarm) => alarm !== handle);
  }

  /** Lets time pass and runs what falls due, in order. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      const next = this.#alarms.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#alarms = this.#alarms.filter((alarm) => alarm !== next);
      this.#nowMs = next.atMs;
      next.callback();
    }
    this.#nowMs = untilMs;
  }
}
