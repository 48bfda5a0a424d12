import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LatencyHistogram } from "../../src/rpc/latency";

describe("LatencyHistogram", () => {
  it("is all zero before the first call", () => {
    expect(new LatencyHistogram().summary()).toEqual({ count: 0, meanMs: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 });
  });

  it("gives mean and maximum exactly, percentiles to within a step", () => {
    const duration = fc.double({ min: 0.001, max: 1_000_000, noNaN: true });
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 200 }), (durations) => {
        const histogram = new LatencyHistogram();
        durations.forEach((durationMs) => histogram.add(durationMs));
        const { count, meanMs, p50Ms, p99Ms, maxMs } = histogram.summary();
        const sorted = durations.toSorted((a, b) => a - b);
        const rank = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
        expect([count, maxMs]).toEqual([durations.length, Math.max(...durations)]);
        expect(meanMs).toBeCloseTo(durations.reduce((sum, each) => sum + each, 0) / durations.length, 5);
        for (const [found, exact] of [
          [p50Ms, rank(0.5)],
          [p99Ms, rank(0.99)],
        ] as const) {
          expect(found / exact).toBeGreaterThan(2 ** -0.26);
          expect(found / exact).toBeLessThan(2 ** 0.26);
        }
      }),
    );
  });

  it("counts what is below its first step and beyond its last", () => {
    const histogram = new LatencyHistogram();
    histogram.add(0);
    histogram.add(1e12);
    expect(histogram.summary()).toMatchObject({ count: 2, maxMs: 1e12 });
  });
});
