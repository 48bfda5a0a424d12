import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { PROTOCOL, encodeFrame } from "../../src/rpc";
import { encodeEnvelope } from "../../src/rpc/envelope";
import { frameBytes } from "../../src/rpc/frame";
import { FrameCutter, FrameParts } from "../../src/rpc/parts";
import { ProtocolBreach } from "../../src/rpc/protocol-breach";

const part = (frameBytes: number, offset: number) => ({
  $typeName: "macroscope.rpc.v1.Part" as const,
  call: 1,
  frameBytes,
  offset,
});

const sized = (max: number) => fc.uint8Array({ maxLength: max });

describe("FrameCutter and FrameParts", () => {
  it("give the frame as it would have travelled, whatever its lengths and those of the pieces", () => {
    fc.assert(
      fc.property(sized(300), sized(700), fc.integer({ min: 1, max: 400 }), (message, tail, pieceBytes) => {
        const envelope = encodeEnvelope({ case: "message", value: { call: 1, message } });
        const whole = encodeFrame(Lane.FRAME, 1, envelope, tail);
        const total = frameBytes(envelope.length, tail.length);
        const cutter = new FrameCutter(Lane.FRAME, envelope, tail, total, pieceBytes, false);
        const parts = new FrameParts(Lane.FRAME, part(total, 0), PROTOCOL.maxFrameBytes);
        const pieces: Uint8Array[] = [];
        let frame: unknown;
        while (!cutter.done) {
          expect(frame).toBeUndefined();
          const { offset, bytes } = cutter.take();
          expect(bytes.length).toBeLessThanOrEqual(pieceBytes);
          pieces.push(bytes);
          frame = parts.add(Lane.FRAME, part(total, offset), bytes);
        }
        expect(Buffer.concat(pieces)).toEqual(Buffer.from(whole));
        expect(frame).toEqual({ lane: Lane.FRAME, connection: 1, envelope, tail });
      }),
    );
  });

  it("take any pieces as long as they follow each other, and refuse all others", () => {
    const whole = encodeFrame(
      Lane.FRAME,
      9,
      encodeEnvelope({ case: "message", value: { call: 1 } }),
      new Uint8Array(99),
    );
    const arbitraryPart = fc.record({
      gap: fc.constantFrom(0, 0, 0, 0, 1, -1),
      length: fc.integer({ min: 0, max: 60 }),
      announced: fc.constantFrom(whole.length, whole.length, whole.length, whole.length + 1),
      lane: fc.constantFrom(Lane.FRAME, Lane.FRAME, Lane.FRAME, Lane.STATE),
    });
    fc.assert(
      fc.property(fc.array(arbitraryPart, { minLength: 1, maxLength: 12 }), (pieces) => {
        const parts = new FrameParts(Lane.FRAME, part(whole.length, 0), PROTOCOL.maxFrameBytes);
        let filled = 0;
        for (const { gap, length, announced, lane } of pieces) {
          const offset = filled + gap;
          const bytes = whole.subarray(offset, offset + length);
          const good = gap === 0 && bytes.length > 0 && announced === whole.length && lane === Lane.FRAME;
          const add = () => parts.add(lane, part(announced, offset), bytes);
          if (!good) {
            expect(add).toThrow(ProtocolBreach);
            return;
          }
          filled += bytes.length;
          expect(add()?.tail.length).toBe(filled === whole.length ? 99 : undefined);
          if (filled === whole.length) {
            return;
          }
        }
      }),
    );
  });

  it("refuse pieces beyond the frame's end, and a frame that may not be", () => {
    const parts = new FrameParts(Lane.FRAME, part(40, 0), PROTOCOL.maxFrameBytes);
    expect(() => parts.add(Lane.FRAME, part(40, 0), new Uint8Array(41))).toThrow("longer than its frame");
    expect(() => parts.add(Lane.FRAME, part(40, 0), new Uint8Array(0))).toThrow("is empty");
    for (const announced of [0, 16, PROTOCOL.maxFrameBytes + 1]) {
      expect(() => new FrameParts(Lane.FRAME, part(announced, 0), PROTOCOL.maxFrameBytes)).toThrow(ProtocolBreach);
    }
  });

  it("refuse a whole that is no frame, or one of another lane", () => {
    const frame = encodeFrame(Lane.STATE, 1, new Uint8Array(4));
    const add = (bytes: Uint8Array) =>
      new FrameParts(Lane.FRAME, part(bytes.length, 0), PROTOCOL.maxFrameBytes).add(
        Lane.FRAME,
        part(bytes.length, 0),
        bytes,
      );
    expect(() => add(frame)).toThrow("names 3");
    expect(() => add(new Uint8Array(20))).toThrow("letters");
    expect(() => add(encodeFrame(Lane.FRAME, 1, new Uint8Array(8)).subarray(0, 20))).toThrow("ends after 20");
  });
});
