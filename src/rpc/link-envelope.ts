import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { LinkEnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/link_pb";
import type { LinkEnvelope } from "../../gen/ts/macroscope/rpc/v1/link_pb";
import { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { brokenRule } from "./envelope-rules";
import { decodeFrame, encodeFrame, FrameError } from "./frame";
import { LINK_CONNECTION } from "./protocol";
import { wellFormed } from "./wire-form";

/** One kind of link envelope, with its content. */
export type LinkControl = Exclude<LinkEnvelope["kind"], { case: undefined }>;

/** What a link envelope is made from. */
export type LinkControlInit = Exclude<
  NonNullable<MessageInitShape<typeof LinkEnvelopeSchema>["kind"]>,
  { case?: undefined }
>;

/** A frame of the link itself. */
export function writeLinkFrame(kind: LinkControlInit): Uint8Array {
  const init = { kind } as MessageInitShape<typeof LinkEnvelopeSchema>;
  return encodeFrame(Lane.COMMAND, LINK_CONNECTION, toBinary(LinkEnvelopeSchema, create(LinkEnvelopeSchema, init)));
}

/**
 * Reads a frame of the link itself.
 *
 * @throws FrameError when it is of a connection, has a tail, is no protobuf, has no known kind, or breaks a rule of its schema.
 */
export function readLinkFrame(bytes: Uint8Array): { readonly kind: LinkControl } {
  const frame = decodeFrame(bytes);
  if (frame.connection !== LINK_CONNECTION || frame.tail.length > 0) {
    throw new FrameError("envelope", "The frame is none of the link itself.");
  }
  const envelope = wellFormed(LinkEnvelopeSchema, frame.envelope);
  if (envelope === undefined) {
    throw new FrameError("envelope", "The link envelope has not the form of a message.");
  }
  let kind: LinkEnvelope["kind"];
  try {
    kind = fromBinary(LinkEnvelopeSchema, envelope).kind;
  } catch (error) {
    throw new FrameError("envelope", `The link envelope cannot be read: ${String(error)}.`);
  }
  if (kind.case === undefined) {
    throw new FrameError("envelope", "The link envelope is of no known kind.");
  }
  const schema = LinkEnvelopeSchema.field[kind.case].message;
  const fault = schema && brokenRule(schema, kind.value);
  if (fault !== undefined) {
    throw new FrameError("envelope", fault);
  }
  return { kind };
}
