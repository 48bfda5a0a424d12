import { crc32 } from "node:zlib";
import { create } from "@bufbuild/protobuf";
import { EnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { LinkEnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/link_pb";
import { decodeFrame, FrameError, readLinkFrame } from "../../src/rpc";
import { checkEnvelope, decodeEnvelope } from "../../src/rpc/envelope";
import { PROTOCOL } from "../../src/rpc/protocol";
import { ProtocolBreach } from "../../src/rpc/protocol-breach";
import { canonical } from "./canonical";

/**
 * What our decoder makes of bytes: the word for what is wrong with them, as in test/vectors/malformed.json, "rules" for an envelope that breaks a rule of
 * its schema (on connection 0 that is "envelope" as well), or the frame's content. Anything else it throws is a fault of ours, and told as "crash".
 */
export function verdictOf(bytes: Uint8Array, whole = false): string {
  try {
    const frame = decodeFrame(bytes);
    let said: string;
    if (frame.connection === 0) {
      const { kind } = readLinkFrame(bytes);
      said = canonical(LinkEnvelopeSchema, create(LinkEnvelopeSchema, { kind }));
    } else {
      const kind = decodeEnvelope(frame);
      const otherMajor = kind.case === "hello" && kind.value.protocolMajor !== PROTOCOL.major;
      if (!otherMajor) {
        checkEnvelope(kind);
      }
      said = canonical(EnvelopeSchema, create(EnvelopeSchema, { kind }));
    }
    const tail = crc32(frame.tail);
    return `${frame.lane} ${frame.connection} ${whole ? said : crc32(said)} ${tail}`;
  } catch (error) {
    if (error instanceof FrameError) {
      return error.reason;
    }
    return error instanceof ProtocolBreach ? "rules" : `crash: ${String(error)}`;
  }
}
