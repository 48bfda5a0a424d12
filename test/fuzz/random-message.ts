import { create, ScalarType, toBinary } from "@bufbuild/protobuf";
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import type { Random } from "../simulation/random";

const MOST_UINT32 = 0xffff_ffff;
const EDGES = [0, 1, 2, 127, 128, 255, 256, 16_383, 16_384, 65_535, 2 ** 31 - 1, 2 ** 31, MOST_UINT32];
const TEXTS = [
  "",
  "a",
  "/a.B/C",
  "operator window 1",
  "ü",
  "\u{1F52C}",
  "\u0000",
  "0123456789abcdef".repeat(4),
  "\uFEFF",
  "x".repeat(199),
];

/** Sets fields that say what stands for them; the others by chance. */
export type FieldChooser = (field: DescField, random: Random) => unknown;

/** A message of this type with fields by chance: most at the edges of what their types hold. */
function randomMessage(desc: DescMessage, random: Random, choose?: FieldChooser, depth = 0): Message {
  const message = reflect(desc, create(desc));
  for (const member of desc.members) {
    const field = member.kind === "oneof" ? random.pick(member.fields) : member;
    if (member.kind === "oneof" || random.chance(0.7)) {
      fill(message, field, random, choose, depth);
    }
  }
  return message.message;
}

/** The bytes of such a message. */
export function randomMessageBytes(desc: DescMessage, random: Random, choose?: FieldChooser): Uint8Array {
  return toBinary(desc, randomMessage(desc, random, choose));
}

function fill(
  message: ReflectMessage,
  field: DescField,
  random: Random,
  choose: FieldChooser | undefined,
  depth: number,
): void {
  const chosen = choose?.(field, random);
  switch (field.fieldKind) {
    case "message":
      if (depth < 4) {
        message.set(
          field,
          reflect(
            field.message,
            (chosen as Message | undefined) ?? randomMessage(field.message, random, choose, depth + 1),
          ),
        );
      }
      return;
    case "list":
      for (let count = random.whole(0, 2); count > 0 && depth < 4; count--) {
        if (field.listKind === "message") {
          message.get(field).add(reflect(field.message, randomMessage(field.message, random, choose, depth + 1)));
        } else if (field.listKind === "scalar") {
          message.get(field).add(randomScalar(field.scalar, random));
        }
      }
      return;
    case "map":
      for (let count = random.pick([0, 1, 1, 2, 3, 64, 65]); count > 0 && field.mapKind === "scalar"; count--) {
        const key = count > 3 ? `key ${count}` : randomScalar(field.mapKey, random);
        message.get(field).set(key, randomScalar(field.scalar, random));
      }
      return;
    case "enum":
      message.set(field, (chosen as number | undefined) ?? random.pick([0, 1, 2, 3, 14, 16, 17, 99]));
      return;
    case "scalar":
      message.set(field, chosen ?? randomScalar(field.scalar, random));
  }
}

function randomScalar(type: ScalarType, random: Random): unknown {
  switch (type) {
    case ScalarType.BOOL:
      return random.chance(0.5);
    case ScalarType.STRING:
      return random.chance(0.9)
        ? random.pick(TEXTS)
        : "y".repeat(random.pick([64, 120, 121, 128, 129, 200, 201, 300, 301, 1000, 1001]));
    case ScalarType.BYTES:
      return random.bytes(random.pick([0, 0, 1, 2, 7, 15, 16, 100]));
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return random.pick([0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY]);
    case ScalarType.UINT64:
      return random.chance(0.5)
        ? BigInt(random.pick(EDGES))
        : (BigInt(random.uint32()) << 32n) | BigInt(random.uint32());
    case ScalarType.INT64:
    case ScalarType.SINT64:
      return BigInt.asIntN(64, (BigInt(random.uint32()) << 32n) | BigInt(random.uint32()));
    case ScalarType.UINT32:
      return random.chance(0.7) ? random.pick(EDGES) : random.uint32();
    default:
      return random.uint32() | 0;
  }
}
