import type { Clock } from "./clock";

/** A receiver that has not acknowledged a revision for so long is behind. */
const BEHIND_AFTER_MS = 1_000;

/** Receivers that are gone and still listed, with the reason. */
const ENDED_KEPT = 32;

const MOST_UNACKNOWLEDGED = 256;

/** Who holds a broadcast open, or did, and how far they are. */
export interface Receiver {
  readonly label: string;
  /** "/package.Service/Method". */
  readonly method: string;
  readonly sentRevision: bigint;
  readonly acknowledgedRevision: bigint;
  /** For how long the oldest revision that was sent and not acknowledged has waited; 0 when all are. */
  readonly behindMs: number;
  readonly skipped: number;
  readonly ended: boolean;
  /** Why it has ended. */
  readonly reason: string;
}

/** Told once each time that a receiver falls behind. What it throws is logged, and changes nothing. */
export type BehindListener = (receiver: Receiver) => void;

interface Unacknowledged {
  revision: bigint;
  readonly atMs: number;
  messages: number;
}

/** One receiver of a broadcast. `Receivers.began` makes it; the call that it belongs to keeps it up to date. */
export class ReceiverTrack {
  readonly #receivers: Receivers;
  #sentRevision = 0n;
  #acknowledgedRevision = 0n;
  #skipped = 0;
  #waiting: Unacknowledged[] = [];
  #told = false;

  constructor(
    receivers: Receivers,
    readonly label: string,
    readonly method: string,
  ) {
    this.#receivers = receivers;
  }

  /** When it is behind and nobody has been told; infinite when there is nothing to tell. */
  get dueAt(): number {
    const oldest = this.#waiting[0];
    return oldest === undefined || this.#told ? Number.POSITIVE_INFINITY : oldest.atMs + BEHIND_AFTER_MS;
  }

  /** A message left. */
  sent(revision: bigint, skipped: number): void {
    this.#sentRevision = revision;
    this.#skipped = skipped;
    const newest = this.#waiting.at(-1);
    if (newest !== undefined && this.#waiting.length >= MOST_UNACKNOWLEDGED) {
      // So much credit is nobody's need; the newest are remembered as one.
      newest.revision = revision;
      newest.messages += 1;
    } else {
      this.#waiting.push({ revision, atMs: this.#receivers.now(), messages: 1 });
      this.#receivers.watch(this.dueAt);
    }
  }

  /** The receiver has taken so many more messages. */
  acknowledged(messages: number): void {
    let left = messages;
    let oldest = this.#waiting[0];
    while (left > 0 && oldest !== undefined) {
      const taken = Math.min(left, oldest.messages);
      oldest.messages -= taken;
      left -= taken;
      if (oldest.messages === 0) {
        this.#acknowledgedRevision = oldest.revision;
        this.#waiting.shift();
        oldest = this.#waiting[0];
      }
    }
    // Told again only after it has caught up wholly: one that stays behind would be told of with every state.
    this.#told &&= oldest !== undefined;
    this.#receivers.watch(this.dueAt);
  }

  /** The stream has ended, with a reason to show. */
  end(reason: string): void {
    this.#receivers.ended(this, reason);
  }

  /** True once each time that it is behind. */
  fellBehind(now: number): boolean {
    if (now < this.dueAt) {
      return false;
    }
    this.#told = true;
    return true;
  }

  report(now: number, reason?: string): Receiver {
    const oldest = this.#waiting[0];
    return {
      label: this.label,
      method: this.method,
      sentRevision: this.#sentRevision,
      acknowledgedRevision: this.#acknowledgedRevision,
      behindMs: oldest === undefined ? 0 : now - oldest.atMs,
      skipped: this.#skipped,
      ended: reason !== undefined,
      reason: reason ?? "",
    };
  }
}

/** The receivers of a server's broadcasts. Its one timer runs only while something is unacknowledged. */
export class Receivers {
  readonly #open = new Set<ReceiverTrack>();
  readonly #ended: Receiver[] = [];
  readonly #clock: Clock;
  readonly #onBehind: BehindListener | undefined;
  #timer: unknown;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, onBehind: BehindListener | undefined) {
    this.#clock = clock;
    this.#onBehind = onBehind;
  }

  now(): number {
    return this.#clock.now();
  }

  /** A stream of a broadcast has begun. */
  began(label: string, method: string): ReceiverTrack {
    const track = new ReceiverTrack(this, label, method);
    this.#open.add(track);
    return track;
  }

  /** It has ended; it stays listed for a while. */
  ended(track: ReceiverTrack, reason: string): void {
    if (this.#open.delete(track)) {
      this.#ended.push(track.report(this.now(), reason));
      if (this.#ended.length > ENDED_KEPT) {
        this.#ended.shift();
      }
      if (this.#open.size === 0) {
        this.#clock.clearTimeout(this.#timer);
        this.#timerAt = Number.POSITIVE_INFINITY;
      }
    }
  }

  /** Those that are there, then those that were, the last one last. */
  report(): readonly Receiver[] {
    const now = this.now();
    return [...[...this.#open].map((track) => track.report(now)), ...this.#ended];
  }

  /** Looks again at that time. A timer that rings too early only looks. */
  watch(dueAt: number): void {
    if (this.#onBehind !== undefined && dueAt < this.#timerAt) {
      this.#clock.clearTimeout(this.#timer);
      this.#timerAt = dueAt;
      this.#timer = this.#clock.setTimeout(() => this.#look(), Math.max(0, dueAt - this.now()));
    }
  }

  #look(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = this.now();
    let next = Number.POSITIVE_INFINITY;
    for (const track of this.#open) {
      if (track.fellBehind(now)) {
        this.#tell(track.report(now));
      }
      next = Math.min(next, track.dueAt);
    }
    this.watch(next);
  }

  #tell(receiver: Receiver): void {
    try {
      this.#onBehind?.(receiver);
    } catch (error) {
      console.error(`The listener for receivers that are behind failed at ${receiver.method}:`, error);
    }
  }
}
