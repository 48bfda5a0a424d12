import { describe, expect, it } from "vitest";
import { RunOutcome, RunStep, WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { makeStore, toPlain } from "../../../../../src/mirror";
import { stepsOf } from "../../../../../src/renderer/operator/features/steps/steps";
import { FakeInstrument } from "../../../support/fake-instrument";
import { CHECKS, MIXED_CHECKS, runAt, WARNED_CHECKS } from "../../../support/fake-run";
import { FakeWorkflow } from "../../../support/fake-workflow";

const blank = makeStore({ clients: new FakeInstrument().clients }).getState();

function steps(change: Parameters<FakeWorkflow["change"]>[0]) {
  const state = toPlain(new FakeWorkflow().change(change));
  return stepsOf({ ...blank, workflow: { current: { state, epoch: "1", receivedAtMs: 0 } } });
}

const standings = (change: Parameters<typeof steps>[0]) => steps(change).map(({ standing }) => standing);
const words = (change: Parameters<typeof steps>[0]) => steps(change).map(({ word }) => word);
const { SET_UP, PRE_FLIGHT, ACQUISITION, REVIEW, ERROR, START_UP } = WorkflowPhase;

describe("stepsOf", () => {
  it("says which is on, which are done, and which are to come", () => {
    expect(standings({ phase: SET_UP })).toEqual(["current", "open", "open", "open"]);
    expect(standings({ phase: PRE_FLIGHT })).toEqual(["done", "current", "open", "open"]);
    expect(standings({ phase: ACQUISITION, run: runAt() })).toEqual(["done", "done", "current", "open"]);
    expect(standings({ phase: REVIEW, run: runAt() })).toEqual(["done", "done", "done", "current"]);
  });

  it("marks the step that an error came in", () => {
    expect(standings({ phase: ERROR, recoversTo: PRE_FLIGHT })).toEqual(["done", "problem", "open", "open"]);
  });

  it("says how checks and run stand", () => {
    expect(words({ phase: START_UP })[0]).toBe("starting up");
    expect(words({ phase: PRE_FLIGHT, preflight: { checks: [...CHECKS] } })[1]).toBe("passed");
    expect(words({ phase: PRE_FLIGHT, preflight: { checks: [...WARNED_CHECKS] } })[1]).toBe("2 warnings");
    expect(words({ phase: PRE_FLIGHT, preflight: { checks: [...MIXED_CHECKS] } })[1]).toBe("1 failed");
    expect(words({ phase: PRE_FLIGHT, preflight: { checks: [...CHECKS], outdated: "Moved." } })[1]).toBe("outdated");
    expect(words({ phase: PRE_FLIGHT, preflight: { checks: [], running: true } })[1]).toBe("checking");
    expect(words({ phase: ACQUISITION, run: runAt() })[2]).toBe("running");
    expect(words({ phase: ACQUISITION, run: runAt({ step: RunStep.PAUSED }) })[2]).toBe("paused");
    expect(words({ phase: REVIEW, run: runAt({ outcome: RunOutcome.FAILED }) })[2]).toBe("failed");
  });
});
