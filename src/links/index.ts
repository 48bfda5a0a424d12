// What other rooms and programs use.
export { messagePortLink } from "./message-port";
export type { AnyPort } from "./message-port";
export { byteStreamLink } from "./byte-stream";
export type { ByteDuplex, ByteStreamLink } from "./byte-stream";
export { onPortOffered, requestPort } from "./port-handshake";
export type { PortIdentity, PortTarget } from "./port-messages";
export { dialWebSocket, SUBPROTOCOL, webSocketLink } from "./web-socket";
export type { AnyWebSocket, WebSocketLink } from "./web-socket";

// ---------------------------------------------------------------------------------------------------------------------
// Internal: for tests.
export { FrameAssembler } from "./frame-assembler";
export type { FrameAssemblerOptions } from "./frame-assembler";
