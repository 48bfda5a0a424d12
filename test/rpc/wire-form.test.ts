import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { wellFormed } from "../../src/rpc/wire-form";

const unhex = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));
const form = (text: string) => wellFormed(EnvelopeSchema, unhex(text));
const OPEN = { call: 1, method: "/a.B/C", metadata: { a: "b" }, credit: { messages: 1 }, message: unhex("ff00ff") };

describe("the form of a message", () => {
  it("is given back as it is when nothing is wrong", () => {
    const bytes = toBinary(EnvelopeSchema, create(EnvelopeSchema, { kind: { case: "open", value: OPEN } }));
    expect(wellFormed(EnvelopeSchema, bytes)).toBe(bytes);
    for (const fine of ["", "4202080a", "f83f05", "f93f0102030405060708", "fd3f01020304", "fa3f020001"]) {
      const own = unhex(fine);
      expect(wellFormed(EnvelopeSchema, own)).toBe(own);
    }
  });

  it.each([
    ["a nested message that ends too late", "3a0612aa80a38d0a"],
    ["a length beyond the end", "4205080a"],
    ["a varint without an end", "4202088a"],
    ["a varint of eleven bytes", "420c08808080808080808080808001"],
    ["a varint of more than 64 bits", "420b0880808080808080808002"],
    ["a tag of six bytes", "c2808080800000"],
    ["field 0", "0005"],
    ["wire type 6", "fe3f"],
    ["a fixed field cut short", "f93f01020304"],
    ["a group without an end", "c33e"],
    ["a group with another's end", "c33e64"],
    ["an end without a group", "64"],
    ["text that is none in an entry that is left out", "12072205" + "0a01ff" + "1005"],
    ["groups 101 deep", "63".repeat(101) + "64".repeat(101)],
  ])("is refused: %s", (_, hex) => {
    expect(form(hex)).toBeUndefined();
  });

  it("leaves out known fields of another wire type, and groups, also within", () => {
    // Hello with a string where its number belongs; Ping with a number, then the number again as a string, then a group.
    expect(form("0a030a0100")).toEqual(unhex("0a00"));
    expect(form("420908050a0161" + "63" + "0801" + "64")).toEqual(unhex("42020805"));
    expect(form("63".repeat(100) + "64".repeat(100) + "4202080a")).toEqual(unhex("4202080a"));
  });

  it("leaves out an entry of a map whose key or value is of another wire type", () => {
    const entry = "2206" + "0a0161" + "120162";
    const mistaken = "2205" + "0a0161" + "1001";
    const open = (fields: string) => "12" + (fields.length / 2).toString(16).padStart(2, "0") + fields;
    expect(form(open(entry + mistaken))).toEqual(unhex(open(entry)));
    expect(form(open("2208" + "0a0161" + "120162" + "0001"))).toEqual(unhex(open(entry)));
  });

  it("is what fromBinary may be given: it reads it without reading too far, or refuses it", () => {
    const bytes = toBinary(EnvelopeSchema, create(EnvelopeSchema, { kind: { case: "open", value: OPEN } }));
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const other = bytes.slice();
        changes.forEach(([at, byte]) => (other[at] = byte));
        const good = wellFormed(EnvelopeSchema, other);
        if (good !== undefined) {
          try {
            const again = toBinary(EnvelopeSchema, fromBinary(EnvelopeSchema, good));
            expect(wellFormed(EnvelopeSchema, again)).toBe(again);
          } catch (error) {
            // Text that is none is the decoder's own to refuse.
            expect(String(error)).toMatch(/UTF|encoded data|string/i);
          }
        }
      }),
    );
  });
});
