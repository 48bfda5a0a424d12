import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  exactValue,
  limitProblem,
  rangeText,
  readText,
  valueText,
  valueWithUnit,
} from "../../src/mirror/parameter-text";

const control = {
  label: "Exposure",
  unit: "ms",
  factor: 0.001,
  decimals: 3,
  integer: false,
  minimum: 20 as number | undefined,
  maximum: 1_000_000 as number | undefined,
  increment: 0,
};
const width = {
  ...control,
  label: "Width",
  unit: "px",
  factor: 1,
  decimals: 0,
  integer: true,
  minimum: 16,
  maximum: 1024,
  increment: 4,
};

const anyControl = fc
  .record({
    factor: fc.constantFrom(1, 0.001, 1000, 100),
    decimals: fc.integer({ min: 0, max: 6 }),
    low: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    span: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
  })
  .map(({ factor, decimals, low, span }) => ({ ...control, factor, decimals, minimum: low, maximum: low + span }));

describe("text of a value", () => {
  it("shows as many digits as are meant, in the unit it is typed in", () => {
    expect(valueText(control, 20_000)).toBe("20");
    expect(valueText(control, 19_999.73)).toBe("20");
    expect(valueText(control, 33_333.3)).toBe("33.333");
    expect(valueWithUnit(control, 20_000)).toBe("20 ms");
    expect(rangeText(control)).toBe("0.02 to 1000 ms");
    expect(rangeText({ ...control, minimum: undefined })).toBe("up to 1000 ms");
    expect(rangeText({ ...control, maximum: undefined })).toBe("from 0.02 ms");
  });

  it("does not show something as nothing", () => {
    expect(valueText(control, 0.01)).toBe("0.00001");
    expect(valueText(width, 1000)).toBe("1000");
    // Two figures would read as half a digit more than there is.
    expect(valueText({ ...control, factor: 1, decimals: 2 }, 0.004951)).toBe("0.00495");
  });

  it("reads back as the value to the digits shown, for any limits", () => {
    fc.assert(
      fc.property(anyControl, fc.double({ min: 0, max: 1, noNaN: true }), (any, part) => {
        const value = any.minimum + part * (any.maximum - any.minimum);
        // No control shows more digits than a number has.
        fc.pre(Math.abs(value * any.factor) * 10 ** any.decimals < 1e15 && (value === 0 || Math.abs(value) > 1e-300));
        const text = valueText(any, value);
        const meant = readText(any, text);
        if (!("value" in meant)) throw new Error(`${text} is not read: ${meant.problem}`);
        const half = 0.5 * 10 ** -any.decimals + 1e-9 * Math.abs(value * any.factor);
        expect(Math.abs(meant.value * any.factor - value * any.factor)).toBeLessThanOrEqual(half);
        expect(valueText(any, meant.value)).toBe(text);
      }),
    );
  });
});

describe("typed text", () => {
  it.each([
    ["20", 20_000],
    [" 20 ms ", 20_000],
    ["20ms", 20_000],
    ["0,5", 500],
    [".5", 500],
    ["1e2", 100_000],
  ])("%j is %d µs", (text, value) => {
    expect(readText(control, text)).toEqual({ value });
  });

  it.each(["", "abc", "1.2.3", "1,000.5", "--1", "12 px", "0x10", "Infinity", "1e999"])("%j is no number", (text) => {
    expect(readText(control, text)).toHaveProperty("problem");
  });

  it.each([
    ["-1,5", -1500],
    ["−1.5", -1500],
    ["− 1.5", undefined],
    ["+0,125", 125],
    ["1.000", 1000],
    ["1,0000", 1000],
    ["12,34", 12_340],
    ["1 000", undefined],
    ["1\u00a0000", undefined],
    ["1'000", undefined],
    ["١٢", undefined],
    ["1e5000", undefined],
    ["1e-5000", 0],
    ["9".repeat(400), undefined],
    ["e5", undefined],
    ["1e", undefined],
    [".", undefined],
    ["NaN", undefined],
    ["5 s", undefined],
    ["ms", undefined],
  ])("as people elsewhere write it: %j is %s µs", (text, value) => {
    expect(readText(control, text)).toEqual(value === undefined ? { problem: "Exposure is a number." } : { value });
  });

  it("is not guessed where a comma may part thousands or decimals: those differ by a factor of a thousand", () => {
    const meant = (ways: string) => ({ problem: `Exposure: a comma may part thousands or decimals; type ${ways}.` });
    expect(readText(control, "1,500")).toEqual(meant("1500 or 1.500"));
    expect(readText(control, "-12,000 ms")).toEqual(meant("-12000 or -12.000"));
    expect(readText(width, "1,024")).toEqual({
      problem: "Width: a comma may part thousands or decimals; type 1024.",
    });
    // What it offers is read.
    expect(readText(control, "1500")).toEqual({ value: 1_500_000 });
    expect(readText(control, "1.500")).toEqual({ value: 1500 });
  });

  it("is a finite value or refused, whatever is typed; and a number with a comma never another than with a point", () => {
    const signs = fc.string({
      unit: fc.constantFrom("0", "1", "5", "9", "000", ".", ",", "e", "E", "+", "-", "−", " ", "m", "s", "\t"),
    });
    fc.assert(
      fc.property(anyControl, fc.oneof(signs, fc.string()), (any, text) => {
        const meant = readText(any, text);
        if ("problem" in meant) expect(meant.problem).toMatch(/^Exposure.*\.$/);
        else {
          expect(Number.isFinite(meant.value)).toBe(true);
          expect(readText(any, text.replace(",", "."))).toEqual(meant);
        }
      }),
    );
  });

  it("has to be whole where the field is", () => {
    expect(readText(width, "12.5")).toEqual({ problem: "Width is a whole number." });
  });

  it("is never changed silently: the value is what was typed or there is a problem", () => {
    fc.assert(
      fc.property(
        anyControl,
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
        (any, typed) => {
          const meant = readText(any, String(typed));
          if (!("value" in meant)) throw new Error(meant.problem);
          expect(meant.value * any.factor).toBeCloseTo(typed, 6 - Math.ceil(Math.log10(Math.abs(typed) + 1)));
          const problem = limitProblem(any, meant.value);
          if (problem === undefined) {
            // What is asked for reads like what was typed, and the camera can take it.
            const asked = exactValue(any, meant.value);
            expect(valueText(any, asked)).toBe(valueText(any, meant.value));
            expect(asked).toBeGreaterThanOrEqual(any.minimum);
            expect(asked).toBeLessThanOrEqual(any.maximum);
          }
        },
      ),
    );
  });
});

describe("limits", () => {
  it("refuse with the range in the shown unit", () => {
    expect(limitProblem(control, 5e6)).toBe("Exposure can be 0.02 to 1000 ms.");
    expect(limitProblem(control, 19)).toBe("Exposure can be 0.02 to 1000 ms.");
    expect(limitProblem(control, 20)).toBeUndefined();
  });

  it("offer the nearest values of a grid instead of taking one", () => {
    expect(limitProblem(width, 1021)).toBe("Width goes in steps of 4: 1020 or 1024.");
    expect(limitProblem({ ...width, maximum: 1022 }, 1021)).toBe("Width goes in steps of 4: 1020.");
    expect(limitProblem(width, 1020)).toBeUndefined();
  });

  it("take the printed limit for the limit", () => {
    const odd = { ...control, minimum: 19.6421, maximum: 999_999.873 };
    expect(rangeText(odd)).toBe("0.02 to 1000 ms");
    expect(limitProblem(odd, 1_000_000)).toBeUndefined();
    expect(exactValue(odd, 1_000_000)).toBe(999_999.873);
    expect(exactValue(odd, 500_000)).toBe(500_000);
  });
});
