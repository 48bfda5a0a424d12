import { describe, expect, it } from "vitest";
import { RunStep } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { toPlain } from "../../../../../src/mirror";
import { askedText, progressText } from "../../../../../src/renderer/operator/features/run/run-words";
import { runAt } from "../../../support/fake-run";

const run = (change: Parameters<typeof runAt>[0] = {}) => toPlain(runAt(change));

describe("progressText", () => {
  it("names direction and sweep while there is one", () => {
    expect(progressText(run())).toBe("Right to left 2/4 · sweep 7/10");
    expect(progressText(run({ step: RunStep.BETWEEN_SWEEPS }))).toBe("Right to left 2/4 · sweep 7/10");
    expect(progressText(run({ step: RunStep.PAUSED }))).toBe("Right to left 2/4 · sweep 7/10");
  });

  it("names the step where there is no sweep", () => {
    expect(progressText(run({ step: RunStep.STARTING }))).toBe("Starting");
    expect(progressText(run({ step: RunStep.BASELINE_AFTER }))).toBe("Baseline after");
    expect(progressText(run({ step: RunStep.PAUSED, sweepNumber: 0 }))).toBe("Paused");
  });
});

describe("askedText", () => {
  it("says what is asked and when it comes; a stop goes before a pause", () => {
    expect(askedText(run())).toBe("");
    expect(askedText(run({ pauseAsked: true }))).toBe("pauses after this sweep");
    expect(askedText(run({ pauseAsked: true, step: RunStep.BASELINE_BEFORE }))).toBe("pauses now");
    expect(askedText(run({ pauseAsked: true, step: RunStep.PAUSED }))).toBe("");
    expect(askedText(run({ pauseAsked: true, stopAfterSweepAsked: true }))).toBe("stops after this sweep");
  });
});
