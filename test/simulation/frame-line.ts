import { HEADER_BYTES, readConnection, readLane } from "../../src/rpc";

const KINDS = [
  "",
  "hello",
  "open",
  "message",
  "halfClose",
  "cancel",
  "status",
  "credit",
  "ping",
  "pong",
  "goAway",
  "part",
];
const LINK_KINDS = ["", "authenticate", "authenticated", "connectionOpen", "connectionClose"];

/** A frame in a few words, for the trace: kind and call as they stand at the beginning of its envelope. */
export function frameLine(frame: Uint8Array): string {
  const connection = readConnection(frame);
  const number = (frame[HEADER_BYTES] ?? 0) >> 3;
  const kind = (connection === 0 ? LINK_KINDS : KINDS)[number] ?? `kind ${number}`;
  let at = HEADER_BYTES + 1;
  while ((frame[at] ?? 0) >= 0x80) {
    at += 1;
  }
  const call = connection !== 0 && frame[at + 1] === 0x08 && kind !== "hello" ? ` of call ${frame[at + 2]}` : "";
  return `${kind}${call}, lane ${readLane(frame)}, connection ${connection}, ${frame.length} B`;
}
