// What other rooms and programs use.
export { createChannel } from "./channel";
export type { Channel, ChannelOptions, ChannelPhase, ChannelState, ServerFacts } from "./channel";
export { createClient } from "./client";
export { createServer } from "./server";
export type { AcceptedConnection, AcceptOptions, Server, ServerOptions } from "./server";
export { newStreamStats, streamCredit, streamStats } from "./transport";
export type { StreamStats } from "./message-stream";
export { Traffic } from "./traffic";
export type { CallSide, MethodCounts } from "./traffic";
export type { Latency } from "./latency";
export type { CallListener, CallRecord } from "./call-ledger";
export type { ClockComparison, ConnectionReport } from "./connection-report";
export type { BehindListener, Receiver } from "./receivers";
export type { CreditWindow } from "./credit";
export type { Link } from "./link";
export { createLinkPair } from "./memory-link";
export type { LinkPairOptions } from "./memory-link";
export { createMultiplexer, splice } from "./multiplexer";
export type { ConnectionRequest, Multiplexer } from "./multiplexer";
export { acceptAuthentication, authenticate } from "./authentication";
export type { Authenticated } from "./authentication";
export { protovalidator } from "./protovalidator";
export { errorWithDetail } from "./status";
export type { Validator, Violation } from "./validation";
export { systemClock } from "./clock";
export type { Clock, ClockOffset } from "./clock";
export { PROTOCOL } from "./protocol";
export type { BackOff } from "./back-off";
export { processTraffic } from "./process-traffic";
export type { ProcessCounts } from "./process-traffic";
export { CallLog, streamingMethods } from "./call-log";
export type { CallLogOptions, LogLine } from "./call-log";
export { methodPolicy } from "./method-policy";
export type { MethodPolicy } from "./method-policy";

// ---------------------------------------------------------------------------------------------------------------------
// Internal: for src/links, for switches that pass frames on, and for tests of the protocol itself.
export { Connection } from "./connection";
export type { ConnectionOptions, ConnectionState } from "./connection";
export type { ConnectionEvent } from "./connection-event";
export {
  checkFrame,
  decodeFrame,
  encodeFrame,
  FrameError,
  frameLength,
  HEADER_BYTES,
  patchConnection,
  readConnection,
  readLane,
} from "./frame";
export { readLinkFrame, writeLinkFrame } from "./link-envelope";
export type { LinkControl, LinkControlInit } from "./link-envelope";
export type { Frame, FrameErrorReason } from "./frame";
export { FramePool } from "./frame-pool";
export { LaneQueue, MOST_WAITING_BYTES } from "./lanes";
export { LinkListeners, unheard } from "./link-listeners";
export { closeError } from "./status";
