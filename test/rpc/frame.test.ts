import { fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { LinkEnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/link_pb";
import {
  FrameError,
  decodeFrame,
  encodeFrame,
  frameBytes,
  frameLength,
  patchConnection,
  readConnection,
  readLane,
} from "../../src/rpc/frame";
import { registry, vectorFiles } from "../vectors/make-vectors";
import type { FrameVector, MalformedVector } from "../vectors/make-vectors";

const vectorText = (name: string) => readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8");
const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const schemas: Record<string, DescMessage> = {
  [EnvelopeSchema.typeName]: EnvelopeSchema,
  [LinkEnvelopeSchema.typeName]: LinkEnvelopeSchema,
};

function verdict(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof FrameError) {
      return error.reason;
    }
    throw error;
  }
  return "ok";
}

describe("golden vectors", () => {
  it.each(Object.entries(vectorFiles()))("%s is what the script writes", (name, text) => {
    expect(vectorText(name)).toBe(text);
  });

  it.each(JSON.parse(vectorText("frames.json")) as FrameVector[])("reads and writes: $name", (vector) => {
    const { type, header, hex } = vector;
    const schema = schemas[type] as DescMessage;
    const frame = decodeFrame(bytesOf(hex));
    expect({ ...frame, envelope: frame.envelope.length, tail: hexOf(frame.tail) }).toEqual({
      lane: header.lane,
      connection: header.connection,
      envelope: header.envelopeBytes,
      tail: vector.tail,
    });
    expect(toJson(schema, fromBinary(schema, frame.envelope), { registry })).toEqual(vector.envelope);
    const envelope = toBinary(schema, fromJson(schema, vector.envelope, { registry }));
    expect(hexOf(encodeFrame(header.lane, header.connection, envelope, bytesOf(vector.tail)))).toBe(hex);
  });

  const frameFaults = (JSON.parse(vectorText("malformed.json")) as MalformedVector[]).map((vector) => ({
    ...vector,
    frameVerdict: vector.verdict === "envelope" ? "ok" : vector.verdict,
  }));
  it.each(frameFaults)("refuses: $name ($verdict)", ({ hex, frameVerdict }) => {
    expect(verdict(() => decodeFrame(bytesOf(hex)))).toBe(frameVerdict);
  });
});

describe("encodeFrame and decodeFrame", () => {
  const parts = fc.record({
    lane: fc.integer({ min: 1, max: 4 }),
    connection: fc.integer({ min: 0, max: 0xffffffff }),
    envelope: fc.uint8Array({ maxLength: 100 }),
    tail: fc.uint8Array({ maxLength: 100 }),
  });

  it("gives back what was put in, with an aligned tail", () => {
    fc.assert(
      fc.property(parts, ({ lane, connection, envelope, tail }) => {
        const used = (bytes: number) => new Uint8Array(bytes).fill(0xee);
        const frame = encodeFrame(lane, connection, envelope, tail, used);
        const back = decodeFrame(frame);
        expect(back).toEqual({ lane, connection, envelope, tail });
        expect(frame.byteLength).toBe(frameBytes(envelope.length, tail.length));
        expect(frame.buffer.byteLength).toBe(frame.byteLength);
        if (tail.length > 0) {
          expect(back.tail.byteOffset % 16).toBe(0);
          expect(back.tail.buffer).toBe(frame.buffer);
        }
      }),
    );
  });

  it("throws nothing but FrameError, whatever the bytes", () => {
    const broken = fc
      .tuple(parts, fc.array(fc.tuple(fc.nat(250), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }), fc.nat(250))
      .map(([{ lane, connection, envelope, tail }, changes, cut]) => {
        const frame = encodeFrame(lane, connection, envelope, tail);
        for (const [offset, value] of changes) {
          frame[offset % frame.length] = value;
        }
        return frame.subarray(0, Math.max(0, frame.length - (cut % 20)));
      });
    fc.assert(
      fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 64 })), (bytes) => {
        const result = verdict(() => decodeFrame(bytes, 4096));
        if (result === "ok") {
          const { lane, connection, envelope, tail } = decodeFrame(bytes, 4096);
          expect(hexOf(encodeFrame(lane, connection, envelope, tail))).toBe(hexOf(bytes));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("reads a header before the rest has come, and refuses too much by the header alone", () => {
    const frame = encodeFrame(2, 1, new Uint8Array(20), new Uint8Array(1000));
    expect(frameLength(frame.subarray(0, 16))).toBe(frame.length);
    expect(verdict(() => frameLength(frame.subarray(0, 16), frame.length - 1))).toBe("too-large");
    expect(verdict(() => frameLength(frame.subarray(0, 16), frame.length))).toBe("ok");
  });

  it("changes the connection in place and nothing else", () => {
    const frame = encodeFrame(3, 7, Uint8Array.of(1, 2), Uint8Array.of(9));
    patchConnection(frame, 0xfffffffe);
    expect([readConnection(frame), readLane(frame)]).toEqual([0xfffffffe, 3]);
    expect(decodeFrame(frame)).toMatchObject({ envelope: Uint8Array.of(1, 2), tail: Uint8Array.of(9) });
  });
});
