import { describe, expect, it } from "vitest";
import { stepFigures } from "../../../../../src/renderer/operator/features/run/step-figures";

const STEP = { stepStartedNs: "10000000000", stepEndsNs: "28000000000" };

describe("stepFigures", () => {
  it("counts by the worker's clock when it said so", () => {
    expect(stepFigures(STEP, "17000000000")).toEqual({ leftS: 11, part: 1 - 11 / 18 });
    expect(stepFigures(STEP, "30000000000")).toEqual({ leftS: 0, part: 1 });
    expect(stepFigures(STEP, "9000000000")).toEqual({ leftS: 19, part: 0 });
  });

  it("knows no end where somebody has to say so", () => {
    expect(stepFigures({ ...STEP, stepEndsNs: "0" }, "17000000000")).toEqual({ leftS: undefined, part: undefined });
    expect(stepFigures(STEP, "0")).toEqual({ leftS: undefined, part: undefined });
  });
});
