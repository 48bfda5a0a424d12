import type { ProtocolLimits } from "./protocol";

/** What a tick asks for. */
export type LivenessVerdict = "quiet" | "ping" | "lost";

/**
 * Judges whether the peer is there. Any traffic counts; pings go out when nothing comes, and when the last one is too old to tell how the link and
 * the clocks stand. A tick that comes late by more than the idle
 * time means that our own loop stood still: then the silence is counted anew, since the peer may have spoken all the while.
 */
export class Liveness {
  readonly #pingAfterMs: number;
  readonly #lostAfterMs: number;
  readonly #measureAfterMs: number;
  #heardAt: number;
  #pingedAt: number;
  #tickExpectedAt: number;

  constructor(now: number, limits: ProtocolLimits) {
    this.#pingAfterMs = limits.pingAfterIdleMs;
    this.#lostAfterMs = limits.lostAfterSilenceMs;
    this.#measureAfterMs = limits.measureEveryMs;
    this.#heardAt = now;
    this.#pingedAt = now;
    this.#tickExpectedAt = now + this.#pingAfterMs;
  }

  /** Something arrived. */
  heard(now: number): void {
    this.#heardAt = now;
  }

  /** A ping went out. */
  pinged(now: number): void {
    this.#pingedAt = now;
  }

  silenceMs(now: number): number {
    return now - this.#heardAt;
  }

  /** When the next tick is needed. */
  get nextTickAt(): number {
    return Math.min(this.#pingAt, this.#heardAt + this.#lostAfterMs);
  }

  tick(now: number): LivenessVerdict {
    const stalled = now - this.#tickExpectedAt > this.#pingAfterMs;
    if (stalled) {
      this.#heardAt = now;
    }
    const verdict = stalled ? "ping" : this.#judge(now);
    if (verdict === "ping") {
      this.#pingedAt = now;
    }
    this.#tickExpectedAt = this.nextTickAt;
    return verdict;
  }

  #judge(now: number): LivenessVerdict {
    if (now - this.#heardAt >= this.#lostAfterMs) {
      return "lost";
    }
    return now >= this.#pingAt ? "ping" : "quiet";
  }

  get #pingAt(): number {
    return Math.min(Math.max(this.#heardAt, this.#pingedAt) + this.#pingAfterMs, this.#pingedAt + this.#measureAfterMs);
  }
}
