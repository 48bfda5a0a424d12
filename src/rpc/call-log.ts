/** Ended calls in a log: those that failed and those that took long; never what they carried. */
import type { DescService } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { CallRecord } from "./call-ledger";
import { systemClock } from "./clock";
import type { Clock } from "./clock";
import type { Receiver } from "./receivers";

/** A unary call that took longer is worth a line. */
const SLOW_MS = 1000;
/** More in one window are only counted, so that a client that fails in a loop does not fill the disk. */
export const LINES_IN_WINDOW = 20;
export const WINDOW_MS = 10_000;
/** A client may ask for methods of any name: more than so many kinds are counted as one. */
const MOST_KINDS = 50;

/** One line of a log: `event` says what happened, the rest is beside it. The worker's log has the same shape. */
export interface LogLine {
  readonly level: "info" | "warning";
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface CallLogOptions {
  /** Takes a line; never waits. */
  readonly write: (line: LogLine) => void;
  /** Whether a method streams: then its calls are meant to last. */
  readonly isStream: (method: string) => boolean;
  readonly clock?: Clock;
}

/** What `onCall` and `onBehind` of a server or a channel are given. */
export class CallLog {
  readonly #write: (line: LogLine) => void;
  readonly #isStream: (method: string) => boolean;
  readonly #clock: Clock;
  readonly #untold = new Map<string, { method: string; code: string; calls: number }>();
  #lines = 0;
  #windowOpen = false;

  constructor({ write, isStream, clock = systemClock }: CallLogOptions) {
    this.#write = write;
    this.#isStream = isStream;
    this.#clock = clock;
  }

  /** A call has ended. */
  readonly onCall = ({ method, peer, code, durationMs }: CallRecord): void => {
    const failed = code !== 0 && code !== Code.Canceled;
    const slow = code === 0 && durationMs > SLOW_MS && !this.#isStream(method);
    if (!failed && !slow) return;
    this.#openWindow();
    const name = codeName(code);
    if (this.#lines >= LINES_IN_WINDOW) {
      this.#count(method, name);
      return;
    }
    this.#lines += 1;
    const fields = { method, peer, code: name, duration_ms: Math.round(durationMs * 1000) / 1000 };
    this.#write(
      failed ? { level: "warning", event: "call failed", ...fields } : { level: "info", event: "slow call", ...fields },
    );
  };

  /** A receiver of a broadcast has fallen behind. */
  readonly onBehind = (receiver: Receiver): void => {
    this.#write({
      level: "warning",
      event: "receiver behind",
      peer: receiver.label,
      method: receiver.method,
      sent_revision: Number(receiver.sentRevision),
      acknowledged_revision: Number(receiver.acknowledgedRevision),
      behind_ms: Math.round(receiver.behindMs),
    });
  };

  #openWindow(): void {
    if (this.#windowOpen) return;
    this.#windowOpen = true;
    this.#clock.setTimeout(() => this.#endWindow(), WINDOW_MS);
  }

  #count(method: string, code: string): void {
    const key = `${method} ${code}`;
    const kind = this.#untold.has(key) || this.#untold.size < MOST_KINDS ? key : "";
    const entry = this.#untold.get(kind) ?? { method: kind && method, code: kind && code, calls: 0 };
    entry.calls += 1;
    this.#untold.set(kind, entry);
  }

  #endWindow(): void {
    const calls = [...this.#untold.values()];
    this.#untold.clear();
    this.#lines = 0;
    this.#windowOpen = false;
    if (calls.length > 0) {
      this.#write({ level: "warning", event: "more calls failed or were slow", within_s: WINDOW_MS / 1000, calls });
    }
  }
}

/** As the schema writes it: "NOT_FOUND". */
function codeName(code: CallRecord["code"]): string {
  if (code === 0) return "OK";
  const name = (Code as Readonly<Record<number, string | undefined>>)[code] ?? String(code);
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}

/** The streaming methods of these services, for {@link CallLogOptions.isStream}. */
export function streamingMethods(services: readonly DescService[]): (method: string) => boolean {
  const paths = services.flatMap(({ typeName, methods }) =>
    methods.filter(({ methodKind }) => methodKind !== "unary").map(({ name }) => `/${typeName}/${name}`),
  );
  const streaming = new Set(paths);
  return (method) => streaming.has(method);
}
