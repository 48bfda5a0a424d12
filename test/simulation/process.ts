import type { Clock } from "../../src/rpc";
import type { Appointment, VirtualTime } from "./virtual-time";

interface Timer {
  appointment: Appointment;
}

/**
 * A program of the simulated world: its own clock, which may stand still with it or die with it. Whatever reaches it from outside comes through
 * `deliver`, so that a dead one hears nothing and a stalled one hears late.
 */
export class SimulatedProcess {
  #alive = true;
  #stalledUntilMs = 0;
  readonly #timers = new Set<Timer>();
  /** For how long it has stood still, or is going to. */
  stalledMs = 0;
  #waiting: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly time: VirtualTime,
    /** What its clock shows when the world begins. */
    readonly offsetMs: number,
  ) {}

  get alive(): boolean {
    return this.#alive;
  }

  /** Timers of the program that are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** The world's time until which it does nothing. */
  get stalledUntilMs(): number {
    return this.#stalledUntilMs;
  }

  /** The clock as the program reads it. */
  readonly clock: Clock = {
    now: () => this.time.now() + this.offsetMs,
    setTimeout: (callback, delayMs) => {
      if (!this.#alive) {
        return undefined;
      }
      const timer: Timer = { appointment: this.time.after(delayMs, () => this.#ring(timer, callback)) };
      this.#timers.add(timer);
      return timer;
    },
    clearTimeout: (handle) => {
      const timer = handle as Timer | undefined;
      if (timer !== undefined && this.#timers.delete(timer)) {
        this.time.cancel(timer.appointment);
      }
    },
  };

  /** Something arrives from outside; in order, and late while it stands still. */
  deliver(action: () => void): void {
    if (!this.#alive) {
      return;
    }
    if (this.#waiting.length > 0 || this.#stalledUntilMs > this.time.now()) {
      this.#waiting.push(action);
      if (this.#waiting.length === 1) {
        this.time.after(this.#stalledUntilMs - this.time.now(), () => this.#catchUp());
      }
    } else {
      action();
    }
  }

  /** It does nothing for so long, then all that was due. */
  stall(forMs: number): void {
    this.stalledMs += forMs;
    this.#stalledUntilMs = Math.max(this.#stalledUntilMs, this.time.now() + forMs);
  }

  /** It is gone at once, without a word to anybody. */
  kill(): void {
    this.#alive = false;
    this.#timers.forEach(({ appointment }) => this.time.cancel(appointment));
    this.#timers.clear();
    this.#waiting = [];
  }

  #catchUp(): void {
    if (!this.#alive) {
      return;
    }
    if (this.#stalledUntilMs > this.time.now()) {
      this.time.after(this.#stalledUntilMs - this.time.now(), () => this.#catchUp());
      return;
    }
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) {
      this.time.after(0, () => this.#catchUp());
    }
  }

  #ring(timer: Timer, callback: () => void): void {
    const waitMs = this.#stalledUntilMs - this.time.now();
    if (waitMs > 0) {
      timer.appointment = this.time.after(waitMs, () => this.#ring(timer, callback));
    } else if (this.#timers.delete(timer)) {
      callback();
    }
  }
}
