import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barAt, DIRECTIONS, isBrightCheck, readScene } from "../../src/stimulus";
import type { StimulusScene } from "../../src/stimulus";
import { DISPLAY, STIMULUS } from "./support/scenes";

const STARTED_NS = 9_007_199_254_740_993_123n;
const LASTED_NS = 10_000_000_000n;

function sweeping(change: Partial<NonNullable<Parameters<typeof readScene>[0]["sweep"]>> = {}): StimulusScene {
  return readScene({
    number: 4n,
    display: DISPLAY,
    stimulus: STIMULUS,
    sweep: {
      direction: DIRECTIONS.leftToRight,
      fromDeg: -70,
      toDeg: 50,
      startedNs: STARTED_NS,
      endedNs: STARTED_NS + LASTED_NS,
      ...change,
    },
  });
}

describe("barAt", () => {
  it("moves evenly from the start to the end", () => {
    const scene = sweeping();
    expect(barAt(scene, STARTED_NS)?.angleDeg).toBe(-70);
    expect(barAt(scene, STARTED_NS + LASTED_NS / 4n)?.angleDeg).toBe(-40);
    expect(barAt(scene, STARTED_NS + LASTED_NS - 1n)?.angleDeg).toBeCloseTo(50, 6);
  });

  it("is grey before the sweep, from its end on, and without one", () => {
    const scene = sweeping();
    expect(barAt(scene, STARTED_NS - 1n)).toBeUndefined();
    expect(barAt(scene, STARTED_NS + LASTED_NS)).toBeUndefined();
    expect(barAt({ ...scene, sweep: undefined }, STARTED_NS)).toBeUndefined();
    expect(barAt({ ...scene, look: undefined }, STARTED_NS)).toBeUndefined();
    expect(barAt(sweeping({ direction: 0 }), STARTED_NS)).toBeUndefined();
  });

  it("reverses after each interval, counted from the sweep's start", () => {
    const scene = sweeping();
    const at = (ms: number) => barAt(scene, STARTED_NS + BigInt(Math.round(ms * 1e6)))?.reversed;
    expect([0, 165.999, 166, 331.999, 332, 498].map(at)).toEqual([false, false, true, true, false, true]);
  });

  it("says along which angle, and which sweep of the run it is", () => {
    expect(barAt(sweeping({ direction: DIRECTIONS.bottomToTop, showing: 0 }), STARTED_NS)).toMatchObject({
      axis: "altitude",
      direction: DIRECTIONS.bottomToTop,
      showing: 0,
    });
  });

  it("is always between the sweep's ends, whatever their order", () => {
    const angle = fc.double({ min: -180, max: 180, noNaN: true });
    fc.assert(
      fc.property(angle, angle, fc.bigInt({ min: 0n, max: LASTED_NS - 1n }), (fromDeg, toDeg, elapsedNs) => {
        const bar = barAt(sweeping({ fromDeg, toDeg }), STARTED_NS + elapsedNs);
        expect(bar?.angleDeg).toBeGreaterThanOrEqual(Math.min(fromDeg, toDeg) - 1e-9);
        expect(bar?.angleDeg).toBeLessThanOrEqual(Math.max(fromDeg, toDeg) + 1e-9);
      }),
    );
  });
});

describe("isBrightCheck", () => {
  it("makes a chessboard that goes on through zero", () => {
    const row = (altitude: number) => [-30, -10, 10, 30].map((azimuth) => isBrightCheck(azimuth, altitude, 25));
    expect(row(10)).toEqual([true, false, true, false]);
    expect(row(-10)).toEqual([false, true, false, true]);
  });
});
