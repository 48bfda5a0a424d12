import { EnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { LinkEnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/link_pb";
import { encodeFrame } from "../../src/rpc";
import type { Random } from "../simulation/random";
import { FRAME_MUTATIONS, joined, MESSAGE_MUTATIONS } from "./mutations";
import { randomMessageBytes } from "./random-message";

const MESSAGE_MUTATION_NAMES = Object.keys(MESSAGE_MUTATIONS);
const FRAME_MUTATION_NAMES = Object.keys(FRAME_MUTATIONS);
const NO_BYTES = new Uint8Array(0);

/** Bytes for a decoder, and what was done to them. */
export interface Specimen {
  readonly bytes: Uint8Array;
  readonly done: readonly string[];
}

/** Bytes by chance: a frame as it should be, one to which something was done, or bytes that were never a frame. */
export function specimen(random: Random): Specimen {
  if (random.chance(0.05)) {
    return rawBytes(random);
  }
  const done: string[] = [];
  const link = random.chance(0.25);
  let envelope = randomMessageBytes(link ? LinkEnvelopeSchema : EnvelopeSchema, random);
  if (random.chance(0.05)) {
    envelope = joined(envelope, randomMessageBytes(random.chance(0.8) ? EnvelopeSchema : LinkEnvelopeSchema, random));
    done.push("two kinds at once");
  }
  const mutations = random.pick([0, 1, 1, 1, 2, 4]);
  for (let count = 0; count < mutations; count++) {
    const name = random.pick(MESSAGE_MUTATION_NAMES);
    envelope = MESSAGE_MUTATIONS[name]!(envelope, random);
    done.push(name);
  }
  const tail = random.chance(0.25) ? random.bytes(random.pick([1, 15, 16, 17, 300])) : NO_BYTES;
  const connection = link ? 0 : random.pick([1, 1, 1, 2, 0, 0xffff_ffff]);
  let bytes: Uint8Array = encodeFrame(random.whole(1, 4), connection, envelope, tail);
  if (random.chance(0.2)) {
    const name = random.pick(FRAME_MUTATION_NAMES);
    bytes = FRAME_MUTATIONS[name]!(bytes, random);
    done.push(name);
  }
  return { bytes, done };
}

function rawBytes(random: Random): Specimen {
  const body = random.bytes(random.wholeMagnitude(1, 200) - 1);
  return random.chance(0.5)
    ? { bytes: body, done: ["raw bytes"] }
    : { bytes: encodeFrame(random.whole(1, 4), random.whole(0, 2), body), done: ["raw bytes in a frame"] };
}
