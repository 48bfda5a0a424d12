/** Dials a worker's socket, proves the right to, and makes a link of it. */
import { connect } from "node:net";
import { byteStreamLink, type ByteStreamLink } from "../links";
import { readLinkFrame, writeLinkFrame } from "../rpc";
import type { WorkerRecord } from "./worker-record";

/**
 * One read of the socket at most. Measured: with the default of 64 KiB, frames of 1 MiB take half as long again; larger than this gains
 * nothing.
 */
const READ_BUFFER_BYTES = 1_048_576;

/** A worker at the other end. */
export interface DialledWorker {
  readonly link: ByteStreamLink;
  readonly pid: number;
  readonly epoch: bigint;
  /** Settles with the reason when the link is closed, by either side. */
  readonly closed: Promise<string>;
}

/**
 * Connects and authenticates.
 *
 * @param signal - gives up; the socket is closed.
 * @throws when nobody listens, the token is refused, or the signal is aborted.
 */
export function dialWorker(
  { endpoint, token }: WorkerRecord,
  signal: AbortSignal,
): Promise<DialledWorker> {
  return new Promise((resolve, reject) => {
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
    const link = byteStreamLink({
      write: (chunk) => socket.write(chunk),
      onDrain: (listener) => socket.on("drain", listener),
      onData: (listener) => {
        onData = listener;
      },
      onClose: (listener) => {
        let reason = "the worker closed it";
        socket.on("error", (error) => {
          reason = error.message;
        });
        socket.on("close", () => {
          listener(reason);
        });
      },
      destroy: () => {
        socket.destroy();
      },
    });
    const abort = () => {
      link.close("given up");
      reject(signal.reason as Error);
    };
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener("abort", abort, { once: true });
    const closed = new Promise<string>((settle) => {
      link.onClose = (reason) => {
        signal.removeEventListener("abort", abort);
        reject(new Error(`The worker refused the connection: ${reason}.`));
        settle(reason);
      };
    });
    link.onFrame = (frame) => {
      const { kind } = readLinkFrame(frame);
      if (kind.case !== "authenticated") return;
      signal.removeEventListener("abort", abort);
      resolve({ link, pid: kind.value.pid, epoch: kind.value.epoch, closed });
    };
    socket.once("connect", () => {
      link.send(writeLinkFrame({ case: "authenticate", value: { token } }));
    });
  });
}
