import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FlipTiming } from "../../src/stimulus";
import { measureRefresh } from "../../src/stimulus/flip-timing";

/** Stamps as a page has them: tenths of a millisecond. */
const coarse = (ms: number) => Math.round(ms * 10) / 10;

function play(rateHz: number, flips: number, nominalHz?: number, late: (index: number) => number = () => 0) {
  const timing = new FlipTiming();
  timing.setNominalRate(nominalHz);
  let refreshes = 0;
  const missed: number[] = [];
  for (let index = 0; index < flips; index++) {
    refreshes += 1 + late(index);
    missed.push(timing.note(coarse(1000 + (refreshes * 1000) / rateHz)));
  }
  return { timing, missed };
}

describe("FlipTiming", () => {
  it.each([23.976, 50, 59.94, 60, 75, 120, 144, 240])("measures %f Hz, told or not", (rateHz) => {
    for (const nominalHz of [undefined, rateHz, Math.round(rateHz)]) {
      const figures = play(rateHz, 2000, nominalHz).timing.figures();
      expect(figures.refreshRateHz).toBeCloseTo(rateHz, 1);
      expect(Math.abs(figures.refreshRateHz / rateHz - 1)).toBeLessThan(1e-4);
      expect(figures.missedRefreshes).toBe(0);
      expect(figures.jitterMs).toBeLessThan(0.06);
    }
  });

  it("tells 59.94 Hz from 60", () => {
    expect(play(59.94, 600, 60).timing.figures().refreshRateHz).toBeCloseTo(59.94, 2);
  });

  it("counts each refresh that showed nothing new, and no other", () => {
    const { timing, missed } = play(60, 900, undefined, (index) => (index === 300 ? 1 : index === 500 ? 4 : 0));
    expect(missed[300]).toBe(1);
    expect(missed[500]).toBe(4);
    expect(timing.figures().missedRefreshes).toBe(5);
    expect(timing.figures().jitterMs).toBeLessThan(0.06);
    expect(timing.figures().refreshRateHz).toBeCloseTo(60, 1);
  });

  it("counts every second refresh as missed on a display that is drawn at half its rate", () => {
    const { timing } = play(60, 600, 60, () => 1);
    expect(timing.figures().refreshRateHz).toBeCloseTo(60, 1);
    expect(timing.figures().missedRefreshes).toBe(599);
  });

  it("does not take the rare frames of a machine that is too slow for the display's refreshes", () => {
    const { timing } = play(60, 200, 60, (index) => 20 + (index % 3) * 10);
    expect(timing.refreshMs).toBeCloseTo(1000 / 60, 6);
    expect(timing.figures().missedRefreshes).toBe(
      199 * 20 + 10 * Array.from({ length: 199 }, (_, index) => (index + 1) % 3).reduce((sum, one) => sum + one, 0),
    );
  });

  it("takes a freeze for what it is, and goes on measuring", () => {
    const { timing, missed } = play(60, 900, undefined, (index) => (index === 450 ? 600 : 0));
    expect(missed[450]).toBe(600);
    expect(timing.figures().refreshRateHz).toBeCloseTo(60, 1);
    expect(missed.filter((count) => count > 0)).toHaveLength(1);
  });

  it("measures nothing with a freeze, which is of no whole refreshes", () => {
    for (let frozenAt = 440; frozenAt < 460; frozenAt++) {
      const timing = new FlipTiming();
      let refreshes = 0;
      for (let index = 0; index < 500; index++) {
        refreshes += index === frozenAt ? 600.2 : 1;
        timing.note((refreshes * 1000) / 60);
        if (index > 100) expect(timing.figures().refreshRateHz).toBeCloseTo(60, 6);
      }
    }
  });

  it("is not misled by a jump of the display's phase", () => {
    const timing = new FlipTiming();
    let stampMs = 0;
    let missed = 0;
    for (let index = 0; index < 600; index++) {
      stampMs += index === 200 ? 22 : index === 400 ? 11 : 1000 / 60;
      missed += timing.note(coarse(stampMs));
    }
    expect(missed).toBe(0);
    expect(timing.figures().refreshRateHz).toBeCloseTo(60, 1);
  });

  it("follows a display that is set to another rate", () => {
    const timing = new FlipTiming();
    let stampMs = 0;
    for (let index = 0; index < 600; index++) timing.note(coarse((stampMs += 1000 / 60)));
    for (let index = 0; index < 2000; index++) timing.note(coarse((stampMs += 1000 / 144)));
    expect(timing.figures().refreshRateHz).toBeCloseTo(144, 0);
  });

  it("does not believe a wrong rate of the system", () => {
    expect(play(60, 600, 144).timing.figures().refreshRateHz).toBeCloseTo(60, 1);
    expect(play(144, 1500, 60).timing.figures().refreshRateHz).toBeCloseTo(144, 0);
  });

  it("says nothing of the refresh before there are enough flips", () => {
    const { timing } = play(60, 5);
    expect(timing.figures()).toMatchObject({ refreshRateHz: 0, jitterMs: 0, flips: 5, missedRefreshes: 0 });
    expect(timing.refreshMs).toBeCloseTo(16.67, 2);
  });

  it("counts a stamp that goes back as a flip, and as no interval", () => {
    const timing = new FlipTiming();
    timing.note(100);
    expect(timing.note(100)).toBe(0);
    expect(timing.note(90)).toBe(0);
    expect(timing.figures()).toMatchObject({ flips: 3, longestMs: 0 });
  });

  it("counts no refreshes over a rest", () => {
    const { timing } = play(60, 100);
    timing.rest();
    expect(timing.note(1e6)).toBe(0);
    expect(timing.figures().missedRefreshes).toBe(0);
  });

  it("tells the jitter there is", () => {
    const timing = new FlipTiming();
    for (let index = 0; index < 600; index++) timing.note(index * 20 + (index % 2 === 0 ? 1 : -1));
    expect(timing.figures().jitterMs).toBeCloseTo(2, 1);
  });

  it("counts what was missed with jitter of up to a fifth of a refresh, at any rate", () => {
    const rates = fc.constantFrom(50, 59.94, 60, 75, 120, 144);
    const noise = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 64, maxLength: 64 });
    const misses = fc.array(fc.integer({ min: 64, max: 400 }), { maxLength: 8 });
    fc.assert(
      fc.property(rates, noise, misses, (rateHz, jitter, missAt) => {
        const timing = new FlipTiming();
        timing.setNominalRate(Math.round(rateHz));
        let refresh = 0;
        let counted = 0;
        for (let index = 0; index < 420; index++) {
          refresh += missAt.includes(index) ? 2 : 1;
          counted += timing.note(((refresh + (jitter[index % 64] ?? 0)) * 1000) / rateHz);
        }
        expect(counted).toBe(new Set(missAt).size);
      }),
      { numRuns: 60 },
    );
  });
});

describe("measureRefresh", () => {
  it("has no answer to intervals that are no refreshes at all", () => {
    expect(measureRefresh([], undefined)).toBeUndefined();
  });
});
