import { describe as group, expect, it } from "vitest";
import { CASES, chosenCases, type Sample } from "./cases";
import { describe, summarise } from "./result";

const samplesOf = (name: string, ours: number[], reference: number[]): Sample[] => [
  ...ours.map((value) => ({ case: name, side: "ours" as const, value })),
  ...reference.map((value) => ({ case: name, side: "reference" as const, value })),
];

const only = (name: string, ours: number[], reference: number[]) => {
  const [result] = summarise(CASES, samplesOf(name, ours, reference));
  if (!result) throw new Error("no result");
  return result;
};

group("the bench's result", () => {
  it("has the median of each side, and of the rounds' ratios", () => {
    const result = only("worker-to-window", [500, 100, 600], [700, 110, 600]);
    expect(result).toMatchObject({ ours: 500, reference: 600, met: true });
    expect(result.ratio).toBeCloseTo(100 / 110);
  });

  it("says with its goal when a ratio misses it", () => {
    const result = only("worker-to-window", [532], [700]);
    expect(result.met).toBe(false);
    expect(describe(result)).toMatch(/ratio 0\.76 \(goal ≥ 0\.85\) missed$/);
  });

  it("judges a case whose goal is of ours by ours", () => {
    const result = only("stop-under-flood", [4.2], [0.3]);
    expect(result.met).toBe(true);
    expect(describe(result)).toMatch(/ratio 14\.00 \(goal ours ≤ 5 ms\) met$/);
  });

  it("is better lower where a case is", () => {
    expect(only("round-trip", [250], [160]).met).toBe(false);
    expect(only("round-trip", [190], [160]).met).toBe(true);
  });

  it("promises nothing of a case without a goal", () => {
    expect(describe(only("peer-json", [500], [20]))).toMatch(/ratio 25\.00$/);
  });

  it("leaves out what was not measured on both sides", () => {
    expect(summarise(CASES, samplesOf("round-trip", [1], []))).toEqual([]);
  });

  it("is of the cases whose names begin as asked", () => {
    expect(chosenCases("peer-grpc").map(({ name }) => name)).toEqual(["peer-grpc", "peer-grpc-round-trip"]);
    expect(chosenCases("nothing")).toEqual([]);
  });
});
