import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FlipLog } from "../../src/stimulus";
import type { Flip, FlipColumns } from "../../src/stimulus";
import { MOST_IN_A_BATCH } from "../../src/stimulus/flip-log";

const CLOCK = { offsetNs: 5_000_000_000n, errorNs: 20_000n, residualNs: 3000n };

function flip(index: number, change: Partial<Flip> = {}): Flip {
  return {
    stampNs: BigInt(index) * 16_666_667n,
    glassNs: BigInt(index + 1) * 16_666_667n,
    sceneNumber: 2n,
    showing: 0,
    direction: 0,
    angleDeg: 0,
    missedRefreshes: 0,
    squareBright: index % 2 === 0,
    ...change,
  };
}

const lengths = ({ presentedNs, pageNs, sceneNumber, showing, angleDeg, missedRefreshes, squareBright }: FlipColumns) =>
  [presentedNs, pageNs, sceneNumber, showing, angleDeg, missedRefreshes, squareBright].map((list) => list.length);

describe("FlipLog", () => {
  it("gives what was added, in columns, on the worker's clock", () => {
    const log = new FlipLog(100);
    log.add(flip(0, { direction: 3, angleDeg: 12.5, showing: 4, missedRefreshes: 1 }));
    log.add(flip(1, { direction: 3, angleDeg: 12.4, showing: 4 }));
    expect(log.batch(CLOCK)).toEqual({
      firstIndex: 0n,
      presentedNs: [5_016_666_667n, 5_033_333_334n],
      pageNs: [0n, 16_666_667n],
      sceneNumber: [2n, 2n],
      showing: [4, 4],
      angleDeg: [12.5, 12.4],
      missedRefreshes: [1, 0],
      squareBright: [true, false],
      direction: 3,
      clock: CLOCK,
    });
  });

  it("has nothing to give when nothing waits", () => {
    expect(new FlipLog(10).batch(CLOCK)).toBeUndefined();
  });

  it("begins a batch where the direction changes", () => {
    const log = new FlipLog(100);
    for (const direction of [0, 0, 1, 1, 1, 0]) log.add(flip(0, { direction }));
    const taken: [bigint, number, number][] = [];
    for (let batch = log.batch(CLOCK); batch; batch = log.batch(CLOCK)) {
      taken.push([batch.firstIndex, batch.direction, batch.pageNs.length]);
      log.acknowledge(batch.firstIndex + BigInt(batch.pageNs.length));
    }
    expect(taken).toEqual([
      [0n, 0, 2],
      [2n, 1, 3],
      [5n, 0, 1],
    ]);
  });

  it("gives the same again until the worker has it", () => {
    const log = new FlipLog(100);
    for (let index = 0; index < 5; index++) log.add(flip(index));
    log.batch(CLOCK);
    expect(log.batch(CLOCK)?.firstIndex).toBe(0n);
    log.acknowledge(3n);
    expect(log.batch(CLOCK)).toMatchObject({ firstIndex: 3n, pageNs: [flip(3).stampNs, flip(4).stampNs] });
    // What the worker had before, or could never have, changes nothing.
    log.acknowledge(1n);
    log.acknowledge(99n);
    expect(log.waiting).toBe(0);
    log.add(flip(5));
    expect(log.batch(CLOCK)?.firstIndex).toBe(5n);
  });

  it("gives up the oldest when it holds too many, and leaves their numbers unused", () => {
    const log = new FlipLog(3);
    for (let index = 0; index < 5; index++) log.add(flip(index));
    expect([log.waiting, log.lost]).toEqual([3, 2]);
    expect(log.batch(CLOCK)?.firstIndex).toBe(2n);
  });

  it("never gives more than the contract takes", () => {
    const log = new FlipLog(5000);
    for (let index = 0; index < 4500; index++) log.add(flip(index));
    expect(log.batch(CLOCK)?.pageNs).toHaveLength(MOST_IN_A_BATCH);
  });

  it("starts at 0 again for another attachment", () => {
    const log = new FlipLog(3);
    for (let index = 0; index < 5; index++) log.add(flip(index));
    log.restart();
    log.add(flip(9));
    expect(log.batch(CLOCK)).toMatchObject({ firstIndex: 0n, pageNs: [flip(9).stampNs] });
    expect(log.lost).toBe(0);
  });

  it("hands over every flip once and in order, whatever is acknowledged when", () => {
    const steps = fc.array(
      fc.oneof(fc.record({ add: fc.integer({ min: 0, max: 4 }) }), fc.record({ taken: fc.nat(40) })),
      {
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const log = new FlipLog(1000);
        const received: bigint[] = [];
        let added = 0;
        for (const step of all) {
          if ("add" in step) log.add(flip(added++, { direction: step.add }));
          else {
            const batch = log.batch(CLOCK);
            if (!batch) continue;
            expect(new Set(lengths(batch)).size).toBe(1);
            const part = Math.min(step.taken, batch.pageNs.length);
            received.push(...batch.pageNs.slice(0, part));
            log.acknowledge(batch.firstIndex + BigInt(part));
          }
        }
        for (let batch = log.batch(CLOCK); batch; batch = log.batch(CLOCK)) {
          received.push(...batch.pageNs);
          log.acknowledge(batch.firstIndex + BigInt(batch.pageNs.length));
        }
        expect(received).toEqual(Array.from({ length: added }, (_, index) => flip(index).stampNs));
      }),
      { numRuns: 60 },
    );
  });
});
