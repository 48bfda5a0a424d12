import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FrameAssembler } from "../../src/links";
import { encodeFrame, FrameError, FramePool } from "../../src/rpc";
import type { FrameVector } from "../vectors/make-vectors";

const vectors = JSON.parse(readFileSync(new URL("../vectors/frames.json", import.meta.url), "utf8")) as FrameVector[];
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** Pushes bytes cut at the given places, over one buffer that is used again, and collects the frames. */
function assemble(bytes: Uint8Array, cuts: number[], assembler = new FrameAssembler()): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const buffer = new Uint8Array(bytes.length + 1);
  places.slice(1).forEach((end, index) => {
    const start = places[index] as number;
    buffer.fill(0xee);
    buffer.set(bytes.subarray(start, end), 1);
    assembler.push(buffer.subarray(1, 1 + end - start), (frame) => frames.push(frame));
  });
  return frames;
}

describe("FrameAssembler", () => {
  it("finds the frames, however the stream is cut", () => {
    const stream = Buffer.concat(vectors.map((vector) => Buffer.from(vector.hex, "hex")));
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (cuts) => {
        const frames = assemble(stream, cuts);
        expect(frames.map(hex)).toEqual(vectors.map((vector) => vector.hex));
        for (const frame of frames) {
          expect([frame.byteOffset, frame.buffer.byteLength]).toEqual([0, frame.byteLength]);
        }
      }),
    );
  });

  it("finds them byte by byte", () => {
    const stream = Buffer.concat(vectors.map((vector) => Buffer.from(vector.hex, "hex")));
    const cuts = Array.from({ length: stream.length }, (_, index) => index);
    expect(assemble(stream, cuts).map(hex)).toEqual(vectors.map((vector) => vector.hex));
  });

  it("gives back the same frames or a FrameError, whatever the bytes and the cuts", () => {
    const outcome = (bytes: Uint8Array, cuts: number[]) => {
      const frames: Uint8Array[] = [];
      try {
        frames.push(...assemble(bytes, cuts, new FrameAssembler({ maxFrameBytes: 4096 })));
      } catch (error) {
        if (!(error instanceof FrameError)) {
          throw error;
        }
        return error.reason;
      }
      return frames.map(hex);
    };
    const header = fc
      .tuple(fc.nat(40), fc.nat(40))
      .map(([a, b]) => encodeFrame(1, 1, new Uint8Array(a), new Uint8Array(b)));
    const bytes = fc
      .array(fc.oneof(header, fc.uint8Array({ maxLength: 20 })), { maxLength: 5 })
      .map((parts) => Buffer.concat(parts));
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(), { maxLength: 10 }), (data, cuts) => {
        expect(outcome(data, cuts)).toEqual(outcome(data, []));
      }),
      { numRuns: 1000 },
    );
  });

  it("announces a frame over the limit before it allocates", () => {
    const header = Buffer.from("4d53010401000000" + "00000000" + "ffffffff", "hex");
    const assembler = new FrameAssembler();
    expect(() => assembler.push(header, () => undefined)).toThrow(FrameError);
  });

  it("uses recycled buffers again, by size", () => {
    const pool = new FramePool();
    const assembler = new FrameAssembler({ pool });
    const frame = encodeFrame(4, 1, Uint8Array.of(1), new Uint8Array(100_000).fill(5));
    const [first] = assemble(frame, [], assembler) as [Uint8Array];
    pool.recycled(first);
    first.fill(0);
    const [second] = assemble(frame, [], assembler) as [Uint8Array];
    const [third] = assemble(frame, [], assembler) as [Uint8Array];
    expect(second.buffer).toBe(first.buffer);
    expect(third.buffer).not.toBe(first.buffer);
    expect(hex(second)).toBe(hex(frame));
  });

  it("knows how much of a frame has come", () => {
    const assembler = new FrameAssembler();
    const frame = encodeFrame(1, 1, new Uint8Array(10));
    assembler.push(frame.subarray(0, 5), () => undefined);
    expect(assembler.pendingBytes).toBe(5);
    assembler.push(frame.subarray(5, 20), () => undefined);
    expect(assembler.pendingBytes).toBe(20);
    assembler.push(frame.subarray(20), () => undefined);
    expect(assembler.pendingBytes).toBe(0);
  });
});
