import type { Clock } from "../../../src/rpc";

interface Alarm {
  readonly atMs: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #nowMs = 1000;
  #alarms: Alarm[] = [];

  now = (): number => this.#nowMs;

  setTimeout = (callback: () => void, delayMs: number): unknown => {
    const alarm = { atMs: this.#nowMs + Math.max(0, delayMs), callback };
    this.#alarms.push(alarm);
    return alarm;
  };

  clearTimeout = (handle: unknown): void => {
    this.#alarms = this.#alarms.filter((alarm) => alarm !== handle);
  };

  /** Alarms that are set. */
  get alarms(): number {
    return this.#alarms.length;
  }

  /** Moves on, ringing alarms at their times; microtasks run after each. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      await settle();
      const next = this.#alarms.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) {
        break;
      }
      this.#ring(next, next.atMs);
    }
    this.#nowMs = untilMs;
    await settle();
  }

  /** Stands still for so long, as a blocked program does: alarms ring late. */
  async stall(forMs: number): Promise<void> {
    this.#nowMs += forMs;
    await this.advance(0);
  }

  #ring(alarm: Alarm, atMs: number): void {
    this.clearTimeout(alarm);
    this.#nowMs = Math.max(this.#nowMs, atMs);
    alarm.callback();
  }
}

/** Lets everything happen that needs no time: microtasks, and one turn of the event loop. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
