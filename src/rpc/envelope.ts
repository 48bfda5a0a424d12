import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { EnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import type { Envelope } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { brokenRule } from "./envelope-rules";
import { FrameError } from "./frame";
import type { Frame } from "./frame";
import { ProtocolBreach } from "./protocol-breach";

/** One kind of envelope, with its content. */
export type EnvelopeKind = Exclude<Envelope["kind"], { case: undefined }>;

/** What an envelope is made from. */
export type EnvelopeKindInit = Exclude<
  NonNullable<MessageInitShape<typeof EnvelopeSchema>["kind"]>,
  { case?: undefined }
>;
import { wellFormed } from "./wire-form";

const SCHEMAS = Object.fromEntries(
  EnvelopeSchema.fields.map(({ localName, message }) => [localName, message]),
) as Record<EnvelopeKind["case"], DescMessage>;

/** The envelope's bytes. */
export function encodeEnvelope(kind: EnvelopeKindInit): Uint8Array {
  return toBinary(EnvelopeSchema, create(EnvelopeSchema, { kind }));
}

/**
 * Reads a frame's envelope.
 *
 * @throws FrameError when it is no protobuf, has no known kind, or has a tail that its kind cannot have.
 */
export function decodeEnvelope(frame: Frame): EnvelopeKind {
  const bytes = wellFormed(EnvelopeSchema, frame.envelope);
  if (bytes === undefined) {
    throw new FrameError("envelope", "The envelope has not the form of a message.");
  }
  let envelope: Envelope;
  try {
    envelope = fromBinary(EnvelopeSchema, bytes);
  } catch (error) {
    throw new FrameError("envelope", `The envelope cannot be read: ${String(error)}.`);
  }
  const { kind } = envelope;
  if (kind.case === undefined) {
    throw new FrameError("envelope", "The envelope is of no known kind.");
  }
  if (frame.tail.length > 0 && kind.case !== "open" && kind.case !== "message" && kind.case !== "part") {
    throw new FrameError("envelope", `A frame of kind ${kind.case} has no tail.`);
  }
  return kind;
}

/**
 * Holds an envelope to the rules of its schema.
 *
 * @throws ProtocolBreach
 */
export function checkEnvelope(kind: EnvelopeKind): void {
  const fault = brokenRule(SCHEMAS[kind.case], kind.value);
  if (fault !== undefined) {
    throw new ProtocolBreach(fault);
  }
}
