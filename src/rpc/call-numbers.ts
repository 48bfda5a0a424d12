const WINDOW = 65_536;

/**
 * The call numbers that a client has used. Lanes may let a later call overtake an earlier one, so numbers need not arrive in order; they
 * may be ahead by no more than `WINDOW`, which bounds what is remembered.
 */
export class CallNumbers {
  #allUpTo = 0;
  readonly #beyond = new Set<number>();

  /** Marks a number as used. False when it was used before, or is none. */
  use(number: number): boolean {
    if (number <= this.#allUpTo || number > this.#allUpTo + WINDOW || this.#beyond.has(number)) {
      return false;
    }
    this.#beyond.add(number);
    while (this.#beyond.delete(this.#allUpTo + 1)) {
      this.#allUpTo += 1;
    }
    return true;
  }

  used(number: number): boolean {
    return number > 0 && (number <= this.#allUpTo || this.#beyond.has(number));
  }
}
