import { Code } from "@connectrpc/connect";
import type { ConnectError } from "@connectrpc/connect";
import { LimitExceededSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import type { ProtocolLimits } from "./protocol";
import { errorWithDetail } from "./status";

/** More than the header, the padding and the fields around a message can take. */
export const FRAME_OVERHEAD_BYTES = 128;

const LIMITS = {
  maxOpenCalls: { name: "max_open_calls", says: "Too many calls are open on this connection. End some first." },
  maxRequestBytes: { name: "max_request_bytes", says: "The request is too large." },
  maxPendingBytes: {
    name: "max_pending_bytes",
    says: "Too many bytes of requests, or of answers that are not read, are pending on this connection.",
  },
  maxFrameBytes: { name: "max_frame_bytes", says: "The answer is too large to travel." },
} as const;

/** RESOURCE_EXHAUSTED with the limit that was passed. */
export function limitExceeded(
  limits: ProtocolLimits,
  limit: keyof typeof LIMITS,
  found: number,
  allowed = limits[limit],
): ConnectError {
  const { name, says } = LIMITS[limit];
  return errorWithDetail(
    Code.ResourceExhausted,
    `${says} At most ${allowed} are allowed; these are ${found}.`,
    LimitExceededSchema,
    { limit: name, allowed: BigInt(allowed), found: BigInt(found) },
  );
}

/** The error of an answer that would make a frame over the limit; undefined when it fits. */
export function answerTooLarge(limits: ProtocolLimits, bytes: number): ConnectError | undefined {
  const found = bytes + FRAME_OVERHEAD_BYTES;
  return found > limits.maxFrameBytes ? limitExceeded(limits, "maxFrameBytes", found) : undefined;
}
