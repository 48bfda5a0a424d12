/** What happened in a simulation, in order: a hash of all of it, and the last lines to read. */
export class Trace {
  #first = 0x811c9dc5;
  #second = 0x9e3779b9;
  #count = 0;
  readonly #kept: string[] = [];
  readonly #counts = new Map<string, number>();

  /**
   * @param now - virtual milliseconds.
   * @param print - gets every line at once, for whoever wants to read along.
   */
  constructor(
    private readonly now: () => number,
    private readonly print?: (line: string) => void,
    private readonly keep = 60,
  ) {}

  add(line: string): void {
    const whole = `${this.now().toFixed(3)} ${line}`;
    for (let index = 0; index < whole.length; index++) {
      const unit = whole.charCodeAt(index);
      this.#first = Math.imul(this.#first ^ unit, 0x01000193);
      this.#second = Math.imul(this.#second ^ unit, 0x5bd1e995) ^ (this.#second >>> 13);
    }
    this.#count += 1;
    this.#kept.push(whole);
    if (this.#kept.length > 4 * this.keep) {
      this.#kept.splice(0, this.#kept.length - this.keep);
    }
    this.print?.(whole);
  }

  /** Counts something for the summary. */
  tally(name: string, times = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + times);
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** How many lines there were. */
  get lines(): number {
    return this.#count;
  }

  /** Sixteen hexadecimal digits. */
  get hash(): string {
    return [this.#first, this.#second].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }

  get last(): readonly string[] {
    return this.#kept.slice(-this.keep);
  }
}
