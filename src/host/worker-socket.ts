/** Dials a worker's socket, proves the right to, and makes a link of it. */
import { connect } from "node:net";
import { type ByteStreamLink, byteStreamLink } from "../links";
import { authenticate } from "../rpc";
import type { WorkerRecord } from "./worker-record";

/**
 * One read of the socket at most. Measured: with the default of 64 KiB, frames of 1 MiB take half as long again; larger than this gains
 * nothing.
 */
const READ_BUFFER_BYTES = 1_048_576;

/** How long a socket that is closed may take for what was written to it; a worker that no longer reads would hold it open for ever. */
const LINGER_MS = 500;

/** A worker at the other end. */
export interface DialledWorker {
  readonly link: ByteStreamLink;
  readonly pid: number;
  readonly epoch: bigint;
  /** Settles with a sentence when the socket has closed, whoever did it. Never rejects. */
  readonly closed: Promise<string>;
}

/** A link over a local socket or named pipe, and word of its end. It connects by itself; what is sent before waits. */
function socketLink(endpoint: string): { readonly link: ByteStreamLink; readonly closed: Promise<string> } {
  let onData: (chunk: Uint8Array) => void = () => undefined;
  const socket = connect({
    path: endpoint,
    onread: {
      // One buffer for all reads: what was read is copied into its frame at once.
      buffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
      callback: (bytes, buffer) => {
        onData(buffer.subarray(0, bytes));
        return true;
      },
    },
  });
  let failure: Error | undefined;
  socket.on("error", (error) => {
    failure = error;
  });
  const closed = new Promise<string>((resolve) => {
    socket.on("close", () => {
      resolve(failure ? `The link to the worker broke: ${failure.message}.` : "The worker closed the link.");
    });
  });
  const link = byteStreamLink({
    write: (chunk) => socket.write(chunk),
    onDrain: (listener) => socket.on("drain", listener),
    onData: (listener) => {
      onData = listener;
    },
    onClose: (listener) =>
      socket.on("close", () => {
        listener(failure);
      }),
    destroy: (afterWrites) => {
      if (!afterWrites) {
        socket.destroy();
        return;
      }
      socket.destroySoon();
      const timer = setTimeout(() => socket.destroy(), LINGER_MS);
      socket.once("close", () => {
        clearTimeout(timer);
      });
    },
  });
  return { link, closed };
}

/**
 * Connects and authenticates.
 *
 * @param signal - gives up; the socket is closed.
 * @throws when nobody listens, the token is refused, or the signal is aborted.
 */
export async function dialWorker({ endpoint, token }: WorkerRecord, signal: AbortSignal): Promise<DialledWorker> {
  const { link, closed } = socketLink(endpoint);
  const onAbort = () => {
    link.close(signal.reason instanceof Error ? signal.reason.message : "The dial was given up.");
  };
  signal.addEventListener("abort", onAbort);
  try {
    signal.throwIfAborted();
    const { pid, epoch } = await authenticate(link, token);
    return { link, pid, epoch, closed };
  } catch (error) {
    link.close("The dial failed.");
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
