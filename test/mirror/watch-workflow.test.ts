import { afterEach, describe, expect, it } from "vitest";
import { WorkflowPhase } from "../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { HeldStream } from "../../src/mirror/keep-stream";
import { watchWorkflow } from "../../src/mirror/watch-workflow";
import { workflowArrived } from "../../src/mirror/workflow-slice";
import { runAt } from "../renderer/support/fake-run";
import { makeMirror, whenMirrored } from "../renderer/support/mirrored";

let stream: HeldStream | undefined;
afterEach(() => stream?.stop());

describe("watchWorkflow", () => {
  it("mirrors phase and run, counts as numbers and clock readings as text", async () => {
    const { instrument, store } = makeMirror();
    stream = watchWorkflow(store, instrument.clients.workflow);
    const first = await whenMirrored(store, (state) => state.workflow.current);
    expect(first.state).toMatchObject({ phase: WorkflowPhase.SET_UP, statedNs: "340000000000" });
    instrument.workflow.change({ phase: WorkflowPhase.ACQUISITION, run: runAt() });
    const run = await whenMirrored(store, (state) => state.workflow.current?.state.run);
    expect(run).toMatchObject({ capturedFrames: 11_436, startedNs: "340000000000", sweeps: 40 });
    expect(run.shown[16]).toMatchObject({ flips: 424, missedRefreshes: 0 });
  });

  it("ignores a revision that was overtaken, and takes any of another worker", async () => {
    const { instrument, store } = makeMirror();
    stream = watchWorkflow(store, instrument.clients.workflow);
    const first = await whenMirrored(store, (state) => state.workflow.current);
    const older = { ...first.state, revision: 0, phase: WorkflowPhase.REVIEW };
    store.dispatch(workflowArrived({ ...first, state: older }));
    expect(store.getState().workflow.current?.state.phase).toBe(WorkflowPhase.SET_UP);
    store.dispatch(workflowArrived({ ...first, state: older, epoch: "2" }));
    expect(store.getState().workflow.current?.state.phase).toBe(WorkflowPhase.REVIEW);
  });
});
