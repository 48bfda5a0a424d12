/** Something that will happen. */
export interface Appointment {
  readonly atMs: number;
  readonly order: number;
  action: (() => void) | undefined;
}

/** Times are whole multiples of this, a power of two: sums and differences of them are exact, so that nothing due can be a little too early. */
const QUANTUM_MS = 2 ** -10;
/** So many things do not happen in one moment in a world that is well. */
const MOST_IN_A_MOMENT = 20_000;

/**
 * Time that goes on only when nothing is left to do. Appointments are kept one after the other; between two of them all microtasks run, so that what
 * one brings about is over when the next begins.
 */
export class VirtualTime {
  #nowMs = 0;
  #order = 0;
  #inThisMoment = 0;
  readonly #heap: Appointment[] = [];

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): Appointment {
    if (!Number.isFinite(delayMs)) {
      throw new Error(`nothing can happen after ${delayMs} ms`);
    }
    const appointment = { atMs: roundedUp(this.#nowMs + Math.max(0, delayMs)), order: this.#order++, action };
    this.#push(appointment);
    return appointment;
  }

  cancel(appointment: Appointment): void {
    appointment.action = undefined;
  }

  /** Keeps all appointments up to this time. */
  async runUntil(atMs: number, afterEach: () => void): Promise<void> {
    const untilMs = roundedUp(atMs);
    await drained();
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) {
        break;
      }
      this.#pop();
      const { action } = next;
      if (action === undefined) {
        continue;
      }
      next.action = undefined;
      this.#inThisMoment = next.atMs > this.#nowMs ? 0 : this.#inThisMoment + 1;
      if (this.#inThisMoment > MOST_IN_A_MOMENT) {
        throw new Error(`something happens again and again at ${next.atMs} ms, and no time passes`);
      }
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      action();
      await drained();
      afterEach();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #push(appointment: Appointment): void {
    const heap = this.#heap;
    let index = heap.push(appointment) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(appointment, heap[parent]!)) {
        break;
      }
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = appointment;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) {
      return;
    }
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) {
        break;
      }
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) {
        child += 1;
      }
      if (!before(heap[child]!, last)) {
        break;
      }
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function roundedUp(ms: number): number {
  return Math.ceil(ms / QUANTUM_MS) * QUANTUM_MS;
}

function before(one: Appointment, other: Appointment): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

/** Resolves when no microtask is left: they all run before the event loop comes to its next phase. */
function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
