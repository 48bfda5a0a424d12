import { Code, ConnectError } from "@connectrpc/connect";
import { backOffDelayMs } from "./back-off";
import type { Clock } from "./clock";
import type { ProtocolLimits } from "./protocol";

/** Makes idempotent calls again that ended with UNAVAILABLE: so often as the protocol says, with its growing pauses. */
export class Retries {
  readonly #clock: Clock;
  readonly #limits: ProtocolLimits;
  readonly #random: (() => number) | undefined;

  /** @param random - from 0 to 1, for the pauses; by default Math.random. */
  constructor(clock: Clock, limits: ProtocolLimits, random?: () => number) {
    this.#clock = clock;
    this.#limits = limits;
    this.#random = random;
  }

  /**
   * Waits out the pause after the attempt of this number, which failed with this error.
   *
   * @param answered - the server said so itself; if with details, it is the answer of the service, which another attempt would not better.
   * @throws ConnectError - the error itself when there may be no further attempt; CANCELED when the caller gave up meanwhile.
   */
  async pauseAfter(
    attempt: number,
    error: unknown,
    answered: boolean,
    deadlineAt: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { maxAttempts, retryAfterMs } = this.#limits;
    const random = this.#random === undefined ? {} : { random: this.#random };
    const pauseMs = backOffDelayMs(attempt, { firstMs: retryAfterMs, longestMs: Number.POSITIVE_INFINITY, ...random });
    const unavailable = error instanceof ConnectError && error.code === Code.Unavailable;
    const final = !unavailable || (answered && error.details.length > 0);
    if (final || attempt >= maxAttempts || this.#clock.now() + pauseMs >= deadlineAt) {
      throw error;
    }
    await this.#pause(pauseMs, signal);
  }

  #pause(pauseMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#clock.clearTimeout(timer);
        reject(ConnectError.from(signal?.reason, Code.Canceled));
      };
      const timer = this.#clock.setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, pauseMs);
      if (signal?.aborted === true) {
        onAbort();
      } else {
        signal?.addEventListener("abort", onAbort, { once: true });
      }
    });
  }
}
