import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallNumbers } from "../../src/rpc/call-numbers";

describe("CallNumbers", () => {
  it("takes each number once, in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 100 }), (numbers) => {
        const seen = new Set<number>();
        const calls = new CallNumbers();
        for (const number of numbers) {
          expect(calls.used(number)).toBe(seen.has(number));
          expect(calls.use(number)).toBe(!seen.has(number));
          seen.add(number);
          expect(calls.used(number)).toBe(true);
        }
      }),
    );
  });

  it("takes neither 0 nor numbers far ahead, which would have to be remembered", () => {
    const calls = new CallNumbers();
    expect([calls.use(0), calls.used(0), calls.use(65_537), calls.use(65_536)]).toEqual([false, false, false, true]);
  });
});
