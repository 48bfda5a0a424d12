import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStamped, secondsBetween } from "../../../../../src/renderer/operator/features/run/worker-clock";

describe("secondsBetween", () => {
  it("is exact to a microsecond, however large the readings are", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 63n), fc.integer({ min: -86_400_000_000, max: 86_400_000_000 }), (from, us) => {
        const to = from + BigInt(us) * 1000n;
        fc.pre(to >= 0n);
        expect(secondsBetween(from.toString(), to.toString())).toBeCloseTo(us / 1e6, 6);
      }),
    );
  });
});

describe("isStamped", () => {
  it("takes 0 for no reading", () => {
    expect(["0", "", "1"].map(isStamped)).toEqual([false, false, true]);
  });
});
