import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ClockFit } from "../../src/stimulus";

const S = 1_000_000_000n;
const OFFSET_NS = 86_400n * S + 123_456_789n;

/** A worker's clock that runs ahead, and drifts by so many parts in a million. */
function trueOffset(pageNs: bigint, driftPpm: number): bigint {
  return OFFSET_NS + BigInt(Math.round((Number(pageNs) * driftPpm) / 1e6));
}

describe("ClockFit", () => {
  it("knows nothing before the first measurement, and takes that as it is", () => {
    const fit = new ClockFit();
    expect(fit.at(5n * S)).toBeUndefined();
    fit.add({ pageNs: 5n * S, offsetNs: OFFSET_NS, errorNs: 40_000n });
    expect(fit.at(5n * S)).toEqual({ offsetNs: OFFSET_NS, errorNs: 40_000n, residualNs: 0n });
  });

  it("bounds the truth at any time, whatever drift and journey there were", () => {
    const journeys = fc.array(
      fc.record({ error: fc.integer({ min: 2000, max: 900_000 }), side: fc.double({ min: -1, max: 1, noNaN: true }) }),
      {
        minLength: 1,
        maxLength: 90,
      },
    );
    fc.assert(
      fc.property(
        journeys,
        fc.double({ min: -45, max: 45, noNaN: true }),
        fc.integer({ min: 0, max: 60 }),
        (all, driftPpm, later) => {
          const fit = new ClockFit();
          all.forEach(({ error, side }, index) => {
            const pageNs = BigInt(index * 2) * S;
            const offsetNs = trueOffset(pageNs, driftPpm) + BigInt(Math.trunc(error * side));
            fit.add({ pageNs, offsetNs, errorNs: BigInt(error + 1) });
          });
          const askedNs = BigInt(all.length * 2 + later) * S;
          const { offsetNs, errorNs } = fit.at(askedNs)!;
          const off = offsetNs - trueOffset(askedNs, driftPpm);
          expect(off <= errorNs + 2n && off >= -errorNs - 2n).toBe(true);
        },
      ),
    );
  });

  it("follows a drift, so that what it leaves is far below what the drift was", () => {
    const fit = new ClockFit();
    for (let index = 0; index < 60; index++) {
      const pageNs = BigInt(index * 2) * S;
      const noise = BigInt(index % 2 === 0 ? 3000 : -3000);
      fit.add({ pageNs, offsetNs: trueOffset(pageNs, 30) + noise, errorNs: 50_000n });
    }
    const at = 130n * S;
    const { offsetNs, residualNs } = fit.at(at)!;
    expect(Math.abs(Number(offsetNs - trueOffset(at, 30)))).toBeLessThan(3000);
    // 120 s of 30 ppm are 3.6 ms.
    expect(Number(residualNs)).toBeLessThan(3500);
    expect(Number(residualNs)).toBeGreaterThan(2500);
  });

  it("takes the better measurements more seriously", () => {
    const fit = new ClockFit();
    fit.add({ pageNs: 0n, offsetNs: OFFSET_NS, errorNs: 20_000n });
    fit.add({ pageNs: 2n * S, offsetNs: OFFSET_NS + 1_900_000n, errorNs: 2_000_000n });
    expect(Math.abs(Number(fit.at(2n * S)!.offsetNs - OFFSET_NS))).toBeLessThan(1000);
  });

  it("takes a measurement that is told again for one", () => {
    const fit = new ClockFit();
    fit.add({ pageNs: 0n, offsetNs: OFFSET_NS, errorNs: 20_000n });
    fit.add({ pageNs: 2n * S, offsetNs: OFFSET_NS, errorNs: 120_000n });
    // 4 s at 50 ppm.
    expect(fit.at(4n * S)!.errorNs).toBe(220_000n);
  });

  it("starts anew when a clock has jumped", () => {
    const fit = new ClockFit();
    for (let index = 0; index < 20; index++) {
      fit.add({ pageNs: BigInt(index) * S, offsetNs: OFFSET_NS + BigInt(index), errorNs: 30_000n });
    }
    const jumped = OFFSET_NS + 3600n * S;
    fit.add({ pageNs: 21n * S, offsetNs: jumped, errorNs: 30_000n });
    expect(fit.at(21n * S)).toEqual({ offsetNs: jumped, errorNs: 30_000n, residualNs: 0n });
  });

  it("forgets what another worker's clock was", () => {
    const fit = new ClockFit();
    fit.add({ pageNs: 0n, offsetNs: OFFSET_NS, errorNs: 30_000n });
    fit.restart();
    expect(fit.at(S)).toBeUndefined();
  });
});
