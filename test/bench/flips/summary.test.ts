import { describe, expect, it } from "vitest";
import { summariseFlips } from "./summary";

describe("summariseFlips", () => {
  it("tells presented frames from refreshes, and what was missed", () => {
    const samples = Array.from({ length: 61 }, (_, index) => ({ stampMs: index * 20, missed: 0 }));
    const late = samples.map((sample, index) =>
      index < 30 ? sample : { stampMs: sample.stampMs + 40, missed: index === 30 ? 2 : 0 },
    );
    const summary = summariseFlips([late]);
    expect(summary.flips).toBe(61);
    expect(summary.refreshHz).toBeCloseTo(50, 9);
    expect(summary.presentedHz).toBeCloseTo((60 / 1240) * 1000, 9);
    expect(summary.longestMs).toBe(60);
    expect(summary.missedPerMinute).toBeCloseTo(2 / (1.24 / 60), 6);
    expect(summary.jitterMs).toBeCloseTo(0, 9);
  });

  it("counts nothing of what lies between two rounds", () => {
    const round = (fromMs: number) => [0, 20, 40].map((ms) => ({ stampMs: fromMs + ms, missed: 0 }));
    expect(summariseFlips([round(0), [], round(9000)])).toMatchObject({
      flips: 6,
      seconds: 0.08,
      longestMs: 20,
      missedPerMinute: 0,
    });
  });

  it("tells the jitter", () => {
    const samples = Array.from({ length: 1001 }, (_, index) => ({ stampMs: index * 20 + (index % 2), missed: 0 }));
    expect(summariseFlips([samples]).jitterMs).toBeCloseTo(1, 3);
  });
});
