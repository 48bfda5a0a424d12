/** How often something happens, over the last seconds. */

const WINDOW_MS = 2000;

/** Counts events and tells their rate; time is passed in. */
export class ShownRate {
  private times: number[] = [];

  /** Notes an event at this monotonic time, milliseconds. */
  note(nowMs: number): void {
    this.times.push(nowMs);
    const oldest = nowMs - WINDOW_MS;
    while (this.times[0] !== undefined && this.times[0] < oldest) this.times.shift();
  }

  /** Events a second; 0 until there are two. */
  rateHz(): number {
    const first = this.times[0];
    const last = this.times.at(-1);
    if (first === undefined || last === undefined || last <= first) return 0;
    return ((this.times.length - 1) * 1000) / (last - first);
  }
}
