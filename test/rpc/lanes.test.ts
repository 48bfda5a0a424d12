import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeFrame, LaneQueue, readConnection, readLane } from "../../src/rpc";

describe("LaneQueue", () => {
  it("gives frames by lane, and in order within a lane, whatever was added and taken", () => {
    const step = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant("take" as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new LaneQueue();
        let model: Uint8Array[] = [];
        let number = 0;
        for (const what of steps) {
          if (what === "take") {
            const expected = model.toSorted(
              (a, b) => readLane(a) - readLane(b) || readConnection(a) - readConnection(b),
            )[0];
            expect(queue.shift()).toBe(expected);
            model = model.filter((frame) => frame !== expected);
          } else {
            const frame = encodeFrame(what, ++number, new Uint8Array(what));
            model.push(frame);
            queue.push(frame);
          }
          expect(queue.frames).toBe(model.length);
          expect(queue.bytes).toBe(model.reduce((sum, frame) => sum + frame.length, 0));
        }
      }),
    );
  });

  it("knows how much of each connection waits", () => {
    const queue = new LaneQueue();
    queue.push(encodeFrame(2, 1, new Uint8Array(4)));
    queue.push(encodeFrame(1, 1, new Uint8Array(8)));
    queue.push(encodeFrame(3, 2, new Uint8Array(16)));
    expect([queue.bytesOf(1), queue.bytesOf(2), queue.bytesOf(3)]).toEqual([44, 32, 0]);
    queue.shift();
    queue.shift();
    expect([queue.bytesOf(1), queue.bytesOf(2)]).toEqual([0, 32]);
  });

  it("forgets everything when cleared", () => {
    const queue = new LaneQueue();
    queue.push(encodeFrame(1, 1, new Uint8Array(3)));
    queue.clear();
    expect([queue.frames, queue.bytes, queue.bytesOf(1), queue.shift()]).toEqual([0, 0, 0, undefined]);
  });
});
