import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeFrame, LaneQueue, readConnection, readLane } from "../../src/rpc";

describe("LaneQueue", () => {
  const step = fc.oneof(
    fc.record({ lane: fc.integer({ min: 1, max: 4 }), connection: fc.nat(3) }),
    fc.constant("take" as const),
    fc.record({ forget: fc.nat(3) }),
  );

  it("gives frames by lane, those of a connection in order, whatever was added, taken and forgotten", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new LaneQueue();
        let model: Uint8Array[] = [];
        for (const what of steps) {
          if (what === "take") {
            const frame = queue.shift();
            const lane = Math.min(...model.map(readLane));
            const mostUrgent = model.filter((waiting) => readLane(waiting) === lane);
            // The first of its connection in the most urgent lane; the link's own before all others.
            const own = mostUrgent.filter((waiting) => readConnection(waiting) === (frame ? readConnection(frame) : 0));
            expect(frame).toBe(own[0]);
            const links = mostUrgent.find((waiting) => readConnection(waiting) === 0);
            expect(links === undefined || frame === links).toBe(true);
            expect(frame === undefined).toBe(model.length === 0);
            model = model.filter((waiting) => waiting !== frame);
          } else if ("forget" in what) {
            queue.forget(what.forget);
            model = model.filter((frame) => readConnection(frame) !== what.forget);
          } else {
            const frame = encodeFrame(what.lane, what.connection, new Uint8Array(what.lane));
            model.push(frame);
            queue.push(frame);
          }
          expect(queue.frames).toBe(model.length);
          expect(queue.bytes).toBe(model.reduce((sum, frame) => sum + frame.length, 0));
        }
      }),
    );
  });

  it("lets the connections of a lane take turns, so that a flood does not hold up the others", () => {
    const queue = new LaneQueue();
    const push = (connection: number, times: number) => {
      for (let time = 0; time < times; time++) {
        queue.push(encodeFrame(4, connection, new Uint8Array(0)));
      }
    };
    push(1, 100);
    push(2, 2);
    push(3, 1);
    const order = Array.from({ length: 7 }, () => readConnection(queue.shift() ?? new Uint8Array(0)));
    expect(order).toEqual([1, 2, 3, 1, 2, 1, 1]);
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
