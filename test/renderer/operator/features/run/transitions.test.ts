import { describe, expect, it } from "vitest";
import { Role } from "../../../../../gen/ts/macroscope/rpc/v1/options_pb";
import { Verb, WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { makeStore, toPlain } from "../../../../../src/mirror";
import type { MirrorState } from "../../../../../src/mirror";
import { toCommandError } from "../../../../../src/mirror/command-error";
import {
  hindranceOf,
  hindranceText,
  onlyWarnings,
  refusalText,
} from "../../../../../src/renderer/operator/features/run/transitions";
import { FakeInstrument } from "../../../support/fake-instrument";
import { FakeWorkflow, transitionRefused, transitionsIn } from "../../../support/fake-workflow";

const GUARD = { id: "warnings_accepted", reason: "1 warning stands.", remedy: "Accept it." };

function state(role = Role.OPERATOR, against: Parameters<typeof transitionsIn>[1] = {}): MirrorState {
  const blank = makeStore({ clients: new FakeInstrument().clients }).getState();
  const server = { build: "", session: "", epoch: "1", schemaDigest: "", schemaDiffers: false, role };
  const phase = WorkflowPhase.PRE_FLIGHT;
  const workflow = toPlain(new FakeWorkflow().change({ phase, transitions: transitionsIn(phase, against) }));
  return {
    ...blank,
    connection: { host: null, worker: { ...blank.connection.worker, phase: "live", server } },
    workflow: { current: { state: workflow, epoch: "1", receivedAtMs: 0 } },
  };
}

describe("hindranceOf", () => {
  it("is none for what the worker allows", () => {
    expect(hindranceOf(state(), Verb.START_RUN)).toBeUndefined();
  });

  it("is the guard's reason and remedy for what it does not", () => {
    const against = hindranceOf(state(Role.OPERATOR, { [Verb.START_RUN]: GUARD }), Verb.START_RUN);
    expect(against).toEqual({ reason: "1 warning stands.", remedy: "Accept it." });
    expect(against && hindranceText(against)).toBe("1 warning stands. Accept it.");
  });

  it("is a viewer's role, and a worker that has said nothing, before any guard", () => {
    expect(hindranceOf(state(Role.VIEWER), Verb.START_RUN)?.reason).toContain("viewer");
    const silent = { ...state(), workflow: { current: null } };
    expect(hindranceOf(silent, Verb.START_RUN)?.reason).toContain("has not said");
  });
});

describe("onlyWarnings", () => {
  it("is so when the guard of warnings is what stands against the start, for who may lift it", () => {
    expect(onlyWarnings(state(Role.OPERATOR, { [Verb.START_RUN]: GUARD }))).toBe(true);
    expect(onlyWarnings(state(Role.VIEWER, { [Verb.START_RUN]: GUARD }))).toBe(false);
    expect(onlyWarnings(state(Role.OPERATOR, { [Verb.START_RUN]: { ...GUARD, id: "checks_passed" } }))).toBe(false);
  });
});

describe("refusalText", () => {
  it("speaks in the guard's words, and else in the error's", () => {
    const refused = transitionRefused(Verb.START_RUN, WorkflowPhase.PRE_FLIGHT, GUARD);
    expect(refusalText(toCommandError(refused))).toEqual({ reason: "1 warning stands.", remedy: "Accept it." });
    expect(refusalText(toCommandError(new Error("It broke.")))).toEqual({ reason: "It broke.", remedy: "" });
  });
});
