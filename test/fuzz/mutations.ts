import type { Random } from "../simulation/random";

/** Makes other bytes of some. */
export type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

/** Bytes one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** A varint; with `padding` so many needless bytes longer. */
function varint(value: number | bigint, padding = 0): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  } while (rest > 0n);
  for (let count = 0; count < padding; count++) {
    bytes.push(0x80);
  }
  bytes.push(bytes.pop()! & 0x7f);
  return Uint8Array.from(bytes);
}

/** A field as it stands in a message: its tag, then its content. */
function rawField(number: number, wireType: number, content: Uint8Array, padding = 0): Uint8Array {
  return joined(varint((BigInt(number) << 3n) | BigInt(wireType), padding), content);
}

function place(bytes: Uint8Array, random: Random): number {
  return random.whole(0, bytes.length);
}

function inserted(bytes: Uint8Array, at: number, what: Uint8Array, instead = 0): Uint8Array {
  return joined(bytes.subarray(0, at), what, bytes.subarray(Math.min(bytes.length, at + instead)));
}

/** Where fields begin, as far as the bytes can be read as a message. */
function fieldStarts(bytes: Uint8Array): number[] {
  const starts: number[] = [];
  let at = 0;
  const read = (): number => {
    let value = 0;
    for (let shift = 0; at < bytes.length && shift < 70; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        return value;
      }
    }
    return value;
  };
  while (at < bytes.length) {
    starts.push(at);
    const wireType = read() & 7;
    if (wireType === 0) {
      read();
    } else if (wireType === 2) {
      at += read();
    } else if (wireType === 1 || wireType === 5) {
      at += wireType === 1 ? 8 : 4;
    }
  }
  return starts;
}

function unknownField(random: Random): Uint8Array {
  const number = random.pick([12, 15, 16, 99, 2047, 18_999, 19_000, 50_201, 536_870_911, 536_870_912, 0]);
  const wireType = random.pick([0, 1, 2, 3, 4, 5, 6, 7]);
  switch (wireType) {
    case 0:
      return rawField(number, 0, varint(random.uint32(), random.pick([0, 0, 1, 4, 6])));
    case 1:
      return rawField(number, 1, random.bytes(random.pick([8, 8, 7])));
    case 2: {
      const content = random.bytes(random.whole(0, 9));
      return rawField(number, 2, joined(varint(content.length), content));
    }
    case 3: {
      const inner = random.chance(0.5) ? rawField(1, 0, varint(5)) : new Uint8Array(0);
      return joined(
        rawField(number, 3, inner),
        rawField(random.chance(0.8) ? number : number + 1, 4, new Uint8Array(0)),
      );
    }
    case 5:
      return rawField(number, 5, random.bytes(random.pick([4, 4, 3])));
    default:
      return rawField(number, wireType, new Uint8Array(0));
  }
}

function nestedGroups(random: Random): Uint8Array {
  const depth = random.pick([2, 30, 63, 99, 100, 101, 150, 2_000]);
  const number = random.pick([12, 1000]);
  const open = Array.from({ length: depth }, () => rawField(number, 3, new Uint8Array(0)));
  const close = Array.from({ length: random.chance(0.9) ? depth : depth - 1 }, () =>
    rawField(number, 4, new Uint8Array(0)),
  );
  return joined(...open, ...close);
}

const BAD_TEXT = ["ff", "c3", "c328", "eda080", "f8a1a1a1", "e28228", "f4908080", "c0af", "80", "efbfbd", "efbbbf"].map(
  (hex) => Uint8Array.from(Buffer.from(hex, "hex")),
);

/** What is done to the bytes of a message. */
export const MESSAGE_MUTATIONS: Readonly<Record<string, Mutation>> = {
  "bit flipped": (bytes, random) => {
    const other = bytes.slice();
    const at = random.whole(0, Math.max(0, other.length - 1));
    if (other.length > 0) {
      other[at]! ^= 1 << random.whole(0, 7);
    }
    return other;
  },
  "byte set": (bytes, random) =>
    inserted(bytes, place(bytes, random), Uint8Array.of(random.pick([0, 1, 0x7f, 0x80, 0xff])), 1),
  "bytes put in": (bytes, random) => inserted(bytes, place(bytes, random), random.bytes(random.whole(1, 5))),
  "bytes taken out": (bytes, random) => inserted(bytes, place(bytes, random), new Uint8Array(0), random.whole(1, 5)),
  "piece twice": (bytes, random) => {
    const at = place(bytes, random);
    return inserted(bytes, at, bytes.subarray(at, at + random.whole(1, 20)));
  },
  truncated: (bytes, random) => bytes.slice(0, place(bytes, random)),
  "unknown field": (bytes, random) => inserted(bytes, random.chance(0.5) ? bytes.length : 0, unknownField(random)),
  "unknown field within": (bytes, random) =>
    inserted(bytes, random.pick([0, ...fieldStarts(bytes)]), unknownField(random)),
  "field twice": (bytes, random) => {
    const starts = fieldStarts(bytes);
    const index = random.whole(0, Math.max(0, starts.length - 1));
    return joined(bytes, bytes.subarray(starts[index] ?? 0, starts[index + 1] ?? bytes.length));
  },
  "tag longer than needed": (bytes, random) => {
    const at = random.pick([0, ...fieldStarts(bytes)]);
    return at < bytes.length && bytes[at]! < 0x80
      ? inserted(bytes, at, varint(bytes[at]!, random.pick([1, 3, 4, 5, 8, 9, 10])), 1)
      : bytes;
  },
  "varint longer than needed": (bytes, random) => {
    const at = Math.min(bytes.length - 1, place(bytes, random));
    return at >= 0 && bytes[at]! < 0x80 ? inserted(bytes, at, varint(bytes[at]!, random.pick([1, 4, 8, 9])), 1) : bytes;
  },
  "wrong wire type": (bytes, random) => {
    const other = bytes.slice();
    const at = random.pick([0, ...fieldStarts(bytes)]);
    if (at < other.length) {
      other[at] = (other[at]! & 0xf8) | random.whole(0, 7);
    }
    return other;
  },
  "bad text": (bytes, random) => inserted(bytes, place(bytes, random), random.pick(BAD_TEXT), random.whole(0, 4)),
  "huge length": (bytes, random) =>
    joined(
      bytes,
      rawField(random.whole(1, 11), 2, varint(random.pick([1, 2 ** 20, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 53]))),
    ),
  "nested deep": (bytes, random) => inserted(bytes, random.chance(0.5) ? bytes.length : 0, nestedGroups(random)),
};

/** What is done to the bytes of a whole frame. */
export const FRAME_MUTATIONS: Readonly<Record<string, Mutation>> = {
  "frame's bit flipped": (bytes, random) => MESSAGE_MUTATIONS["bit flipped"]!(bytes, random),
  "header's byte set": (bytes, random) =>
    inserted(bytes, random.whole(0, 15), Uint8Array.of(random.pick([0, 1, 2, 3, 4, 5, 0x4d, 0xff])), 1),
  "envelope's length changed": (bytes, random) => lengthChanged(bytes, 8, random),
  "tail's length changed": (bytes, random) => lengthChanged(bytes, 12, random),
  "frame cut short": (bytes, random) => bytes.slice(0, random.chance(0.3) ? random.whole(0, 16) : place(bytes, random)),
  "frame too long": (bytes, random) => joined(bytes, random.bytes(random.whole(1, 20))),
};

function lengthChanged(bytes: Uint8Array, offset: number, random: Random): Uint8Array {
  const other = bytes.slice();
  if (other.length >= 16) {
    const view = new DataView(other.buffer);
    const length = view.getUint32(offset, true);
    const by = random.pick([length + 1, length - 1, 0, 2 ** 24, 2 ** 24 - 16, 2 ** 31, 2 ** 32 - 1, random.uint32()]);
    view.setUint32(offset, by, true);
  }
  return other;
}
