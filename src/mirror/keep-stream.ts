/**
 * A server stream held open for as long as the window lives: opened again after it broke, with back-off.
 */
import { isPassing } from "./command-error";

/** Pauses between attempts. */
export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
}

const DEFAULT_BACK_OFF: BackOff = { firstMs: 200, longestMs: 5000 };

/** What a held stream does and tells. */
export interface StreamHooks<Message> {
  /** Opens the stream. The signal ends the call, also while nobody waits for a message. */
  readonly open: (signal: AbortSignal) => AsyncIterable<Message>;
  /** Takes a message; the next one is asked for when this is done, so a slow taker makes the sender skip or wait. */
  readonly take: (message: Message) => void | Promise<void>;
  /** The stream ended; `error` is undefined when the server ended it without one. `again` says whether it is opened again. */
  readonly down?: (error: unknown, again: boolean) => void;
}

/** A stream being held. */
export interface HeldStream {
  /** Opens the stream at once if it waits for its next attempt: call it when the channel is live again. */
  wake(): void;
  /** Ends it for good. */
  stop(): void;
}

/** Holds a stream open until it is stopped, or fails in a way that waiting does not mend (such as UNIMPLEMENTED). */
export function keepStream<Message>(hooks: StreamHooks<Message>, backOff = DEFAULT_BACK_OFF): HeldStream {
  const stopped = new AbortController();
  const isStopped = () => stopped.signal.aborted;
  let pauseMs = backOff.firstMs;
  let endPause: (() => void) | undefined;

  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(() => endPause?.(), pauseMs);
      pauseMs = Math.min(pauseMs * 2, backOff.longestMs);
      endPause = () => {
        clearTimeout(timer);
        endPause = undefined;
        resolve();
      };
    });

  const hold = async () => {
    while (!isStopped()) {
      let failure: unknown;
      try {
        for await (const message of hooks.open(stopped.signal)) {
          if (isStopped()) return;
          pauseMs = backOff.firstMs;
          await hooks.take(message);
        }
      } catch (thrown) {
        failure = thrown;
      }
      if (isStopped()) return;
      const again = failure === undefined || isPassing(failure);
      hooks.down?.(failure, again);
      if (!again) return;
      await pause();
    }
  };
  void hold();

  return {
    wake: () => {
      pauseMs = backOff.firstMs;
      endPause?.();
    },
    stop: () => {
      stopped.abort();
      endPause?.();
    },
  };
}
