/** A stream of the worker that is opened whenever the channel is live, and again after it broke. */
import type { Channel } from "../rpc";

const AGAIN_AFTER_MS = 1000;

/**
 * Takes a stream's messages until the returned function is called.
 *
 * @param open - opens the stream; the signal ends it.
 */
export function holdStream<Message>(
  channel: Pick<Channel, "state" | "subscribe">,
  open: (signal: AbortSignal) => AsyncIterable<Message>,
  take: (message: Message) => void,
): () => void {
  const stopped = new AbortController();
  let holding = false;
  let timer: NodeJS.Timeout | undefined;

  const isStopped = () => stopped.signal.aborted;
  const hold = async () => {
    if (holding || isStopped() || channel.state.phase !== "live") return;
    holding = true;
    clearTimeout(timer);
    try {
      for await (const message of open(stopped.signal)) take(message);
    } catch {
      // A worker that is gone or lacks the service: whoever cares sees it by the channel. What was taken last still holds.
    }
    holding = false;
    if (!isStopped()) timer = setTimeout(() => void hold(), AGAIN_AFTER_MS);
  };

  void hold();
  const unsubscribe = channel.subscribe(() => void hold());
  return () => {
    unsubscribe();
    clearTimeout(timer);
    stopped.abort();
  };
}
