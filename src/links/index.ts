// What other rooms and programs use.
export { messagePortLink } from "./message-port";
export type { AnyPort } from "./message-port";
export { byteStreamLink } from "./byte-stream";
export type { ByteDuplex, ByteStreamLink } from "./byte-stream";
export { requestPort } from "./port-handshake";

// ---------------------------------------------------------------------------------------------------------------------
// Internal: for tests.
export { FrameAssembler } from "./frame-assembler";
export type { FrameAssemblerOptions } from "./frame-assembler";
