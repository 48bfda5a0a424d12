import { describe, expect, it } from "vitest";
import { StopMode, Verb, WorkflowPhase } from "../../gen/ts/macroscope/workflow/v1/workflow_pb";
import {
  enterPhase,
  pauseRun,
  recover,
  resumeRun,
  runPreflight,
  startRun,
  stopRun,
} from "../../src/mirror/workflow-commands";
import { transitionRefused } from "../renderer/support/fake-workflow";
import { makeMirror } from "../renderer/support/mirrored";

describe("what is asked of the workflow", () => {
  it("goes through a day, each answer in the mirror at once", async () => {
    const { instrument, store } = makeMirror();
    const phase = () => store.getState().workflow.current?.state.phase;
    await store.dispatch(runPreflight());
    expect(phase()).toBe(WorkflowPhase.PRE_FLIGHT);
    await store.dispatch(startRun(["saturation"]));
    expect(phase()).toBe(WorkflowPhase.ACQUISITION);
    expect(instrument.asked.at(-1)?.request).toMatchObject({ acceptedWarnings: ["saturation"] });
    await store.dispatch(pauseRun());
    expect(store.getState().workflow.current?.state.run?.pauseAsked).toBe(true);
    await store.dispatch(resumeRun());
    expect(store.getState().workflow.current?.state.run?.pauseAsked).toBe(false);
    await store.dispatch(stopRun("after-sweep"));
    expect(instrument.asked.at(-1)?.request).toMatchObject({ mode: StopMode.AFTER_SWEEP });
    await store.dispatch(stopRun("now"));
    expect(instrument.asked.at(-1)?.request).toMatchObject({ mode: StopMode.NOW });
    expect(phase()).toBe(WorkflowPhase.REVIEW);
    await store.dispatch(enterPhase(WorkflowPhase.SET_UP));
    expect(phase()).toBe(WorkflowPhase.SET_UP);
    instrument.workflow.change({ phase: WorkflowPhase.ERROR, recoversTo: WorkflowPhase.SET_UP });
    await store.dispatch(recover());
    expect(phase()).toBe(WorkflowPhase.SET_UP);
  });

  it("keeps the guard of a refusal, for each command apart", async () => {
    const { instrument, store } = makeMirror();
    const guard = { id: "checks_passed", reason: "1 check failed.", remedy: "Mend it." };
    instrument.refusals.set("startRun", transitionRefused(Verb.START_RUN, WorkflowPhase.PRE_FLIGHT, guard));
    await store.dispatch(startRun([]));
    const { commands } = store.getState();
    expect(commands.startRun.error).toMatchObject({
      code: "FailedPrecondition",
      details: [{ type: "macroscope.workflow.v1.TransitionRefused", value: { verb: Verb.START_RUN, guard } }],
    });
    expect(commands.runPreflight.error).toBeNull();
    await store.dispatch(startRun([]));
    expect(store.getState().commands.startRun).toEqual({ pending: 0, error: null });
  });
});
