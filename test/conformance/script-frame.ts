/** Frames of the scripts. Written and read here by hand, so that a fault in the programs' way of writing them is no excuse for the same in reading. */
import { createRegistry, fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import type { DescField, DescMessage, JsonObject } from "@bufbuild/protobuf";
import { file_macroscope_conformance_v1_conformance } from "../../gen/ts/macroscope/conformance/v1/conformance_pb";
import { file_macroscope_rpc_v1_errors } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { EnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { LinkEnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/link_pb";
import { pattern } from "./pattern";

/** Types that a detail may be of. */
export const registry = createRegistry(file_macroscope_rpc_v1_errors, file_macroscope_conformance_v1_conformance);

/** How a frame is made. */
export interface FrameInit {
  readonly lane?: number;
  /** 1, or 0 for the link itself. */
  readonly connection?: number;
  /** Bytes of pattern behind the envelope. */
  readonly tailBytes?: number;
  /** Fields that no schema knows, as hexadecimal, added to the kind's message and to the envelope. */
  readonly unknownFields?: string;
}

/** A frame taken apart. */
export interface ScriptFrame {
  readonly json: JsonObject;
  readonly lane: number;
  readonly tail: Uint8Array;
}

/** A frame from ProtoJSON. */
export function frameOf(
  json: JsonObject,
  { lane = 2, connection = 1, tailBytes = 0, unknownFields = "" }: FrameInit,
): Buffer {
  const desc: DescMessage = connection === 0 ? LinkEnvelopeSchema : EnvelopeSchema;
  const unknown = Buffer.from(unknownFields, "hex");
  let envelope = Buffer.from(toBinary(desc, fromJson(desc, json, { registry })));
  if (unknown.length > 0) {
    const [field] = Object.keys(json);
    const found = desc.fields.find(({ jsonName }) => jsonName === field);
    const { number, message } = found as DescField & { fieldKind: "message" };
    const inner = Buffer.concat([toBinary(message, fromJson(message, json[field!]!, { registry })), unknown]);
    envelope = Buffer.concat([varint((number << 3) | 2), varint(inner.length), inner, unknown]);
  }
  const header = Buffer.from([0x4d, 0x53, 1, lane, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(connection, 4);
  header.writeUInt32LE(envelope.length, 8);
  header.writeUInt32LE(tailBytes, 12);
  const padding = tailBytes === 0 ? 0 : -(16 + envelope.length) & 15;
  return Buffer.concat([header, envelope, Buffer.alloc(padding), pattern(tailBytes)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) {
      return Buffer.from([...bytes, rest]);
    }
    bytes.push((rest & 127) | 128);
  }
}

/** What a frame holds. */
export function readFrame(frame: Uint8Array): ScriptFrame {
  const view = new DataView(frame.buffer, frame.byteOffset);
  const desc = view.getUint32(4, true) === 0 ? LinkEnvelopeSchema : EnvelopeSchema;
  const envelope = fromBinary(desc, frame.subarray(16, 16 + view.getUint32(8, true)));
  const tail = frame.subarray(frame.length - view.getUint32(12, true));
  return { json: toJson(desc, envelope, { registry }) as JsonObject, lane: view.getUint8(3), tail };
}
