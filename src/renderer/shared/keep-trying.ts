/** Asks for something until it is there: again after what passes, such as a worker that restarts; not after what stays. */
import { Code, ConnectError } from "@connectrpc/connect";
import { isPassing } from "../../mirror";

const AGAIN_AFTER_MS = 1000;

/** Returns the function that gives up. `failed` is told each reason. */
export function keepTrying(ask: (signal: AbortSignal) => Promise<void>, failed: (reason: string) => void): () => void {
  const given = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const attempt = async () => {
    try {
      await ask(given.signal);
    } catch (error) {
      if (given.signal.aborted) return;
      const { code, rawMessage } = ConnectError.from(error);
      failed(rawMessage);
      if (isPassing(error) && code !== Code.NotFound) timer = setTimeout(() => void attempt(), AGAIN_AFTER_MS);
    }
  };
  void attempt();
  return () => {
    given.abort();
    clearTimeout(timer);
  };
}
