import fc from "fast-check";
import { expect, test } from "vitest";
import { growthOf } from "./growth";

test("a straight line has its slope", () => {
  const samples = [0, 1, 2, 3].map((minute) => ({ minute, value: 100 + 0.5 * minute }));
  expect(growthOf(samples)).toEqual({ first: 100, last: 101.5, most: 101.5, anHour: 30 });
});

test("what swings about a level does not grow", () => {
  const samples = Array.from({ length: 60 }, (_, minute) => ({ minute, value: 50 + (minute % 2) }));
  expect(Math.abs(growthOf(samples)?.anHour ?? 99)).toBeLessThan(0.1);
});

test("one sample, or several at one time, tell nothing", () => {
  expect(growthOf([])).toBeUndefined();
  expect(growthOf([{ minute: 1, value: 2 }])).toBeUndefined();
  expect(growthOf([1, 2].map((value) => ({ minute: 1, value })))).toBeUndefined();
});

test("the unit of the level does not matter to the slope", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 2, maxLength: 30 }),
      fc.integer(),
      (values, up) => {
        const of = (shift: number) =>
          growthOf(values.map((value, minute) => ({ minute, value: value + (shift % 1000) })));
        expect(of(up)?.anHour).toBeCloseTo(of(0)?.anHour ?? Number.NaN, 5);
      },
    ),
  );
});
