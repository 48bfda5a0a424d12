import type { ConnectError } from "@connectrpc/connect";
import type { Clock } from "./clock";
import { Connection } from "./connection";
import type { ConnectionOptions } from "./connection";
import type { ConnectionEvent } from "./connection-event";
import { FramePool } from "./frame-pool";
import type { Link } from "./link";
import { closeError } from "./status";

/**
 * Joins a connection to a link and a clock: frames in, frames out, one timer for all that depends on time. It owns the link and closes it when
 * the connection ends.
 */
export class ConnectionDriver {
  readonly connection: Connection;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #onEvent: (event: ConnectionEvent) => void;
  readonly #pool: FramePool | undefined;
  readonly #onActivity: ((kind: "frame" | "tick") => void) | undefined;
  #timer: unknown;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(
    link: Link,
    clock: Clock,
    options: Omit<ConnectionOptions, "now" | "allocate">,
    onEvent: (event: ConnectionEvent) => void,
    /** Told after each frame and each tick. */
    onActivity?: (kind: "frame" | "tick") => void,
  ) {
    const pool = link.copiesOnSend === true ? new FramePool() : undefined;
    this.#pool = pool;
    this.#link = link;
    this.#clock = clock;
    this.#onEvent = onEvent;
    this.#onActivity = onActivity;
    this.connection = new Connection({
      ...options,
      now: clock.now(),
      allocate: pool === undefined ? undefined : (bytes) => pool.take(bytes),
    });
  }

  /** Begins to listen. Frames that wait in the link are taken at once, so whoever gets the events must be ready. */
  start(): void {
    this.#link.onClose((reason) => {
      this.#clock.clearTimeout(this.#timer);
      this.#tell(this.connection.linkClosed(reason));
    });
    this.#link.onFrame((frame) => {
      this.#tell(this.connection.receive(frame, this.#clock.now()));
      this.#onActivity?.("frame");
    });
    this.flush();
  }

  now(): number {
    return this.#clock.now();
  }

  /** Resolves in a later turn of the event loop, after whatever waits for this one to end. */
  nextTurn(): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.setTimeout(resolve, 0);
    });
  }

  /** Sends what the connection has made. Call it after any method of the connection that is not called through the driver. */
  flush(): void {
    for (const frame of this.connection.takeFrames()) {
      this.#link.send(frame);
      this.#pool?.recycled(frame);
    }
    const events = this.connection.takeEvents();
    if (events.length > 0) {
      this.#tell(events);
    } else {
      this.#arm();
    }
  }

  /** Ends the connection, telling the peer why. */
  close(reason: string | ConnectError): void {
    this.#tell(this.connection.close(closeError(reason)));
  }

  /** Ends the connection when its calls have ended. */
  drain(): void {
    this.#tell(this.connection.drain());
  }

  #tell(events: readonly ConnectionEvent[]): void {
    for (const event of events) {
      this.#onEvent(event);
    }
    this.flush();
    for (const event of events) {
      if (event.type === "closed") {
        this.#close(event.reason, event.drained);
      }
    }
  }

  #close(reason: ConnectError, drained: boolean): void {
    if (drained && this.connection.side === "server") {
      // The end of the link would overtake the last answers, so it is for the client to close it, who has them. One that does not is not waited for.
      const { lostAfterSilenceMs } = this.connection.limits;
      this.#timer = this.#clock.setTimeout(() => this.#link.close(reason), lostAfterSilenceMs);
    } else {
      this.#link.close(reason);
    }
  }

  #arm(): void {
    const { nextTickAt } = this.connection;
    if (nextTickAt === Number.POSITIVE_INFINITY) {
      this.#disarm();
    } else if (nextTickAt < this.#timerAt) {
      // A timer that fires too early only looks again; so traffic, which moves the time away, costs no timer.
      this.#disarm();
      this.#timerAt = nextTickAt;
      this.#timer = this.#clock.setTimeout(() => this.#tick(), Math.max(0, nextTickAt - this.#clock.now()));
    }
  }

  #disarm(): void {
    if (this.#timerAt !== Number.POSITIVE_INFINITY) {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#clock.clearTimeout(this.#timer);
    }
  }

  #tick(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#tell(this.connection.tick(this.#clock.now()));
    this.#onActivity?.("tick");
  }
}
