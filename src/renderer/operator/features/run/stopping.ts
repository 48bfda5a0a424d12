/** What Stop stops, and how: the run, or the recording that was started without one. */
import { RunOutcome, RunStep, Verb } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { Role } from "../../../../../gen/ts/macroscope/rpc/v1/options_pb";
import { stopRecording, stopRun } from "../../../../mirror";
import type { MirrorDispatch, MirrorState } from "../../../../mirror";
import { roleOf } from "../../authority";
import { isRecording } from "../../situation";
import { hindranceOf, runningRun, workflowOf } from "./transitions";

export type Stoppable = "run" | "recording" | "nothing";

/** What goes on as far as is known. A worker that does not answer may still go on with it. */
export function stoppable(state: MirrorState): Stoppable {
  if (runningRun(state) || isRunUnended(state)) return "run";
  return isRecording(state) ? "recording" : "nothing";
}

/** In the error phase a run may still be on its way to its end. */
function isRunUnended(state: MirrorState): boolean {
  const run = workflowOf(state)?.run;
  return run?.outcome === RunOutcome.RUNNING && run.step !== RunStep.ENDED && isRecording(state);
}

/** Whether this window may stop anything at all. */
export function mayStop(state: MirrorState): boolean {
  return roleOf(state) !== Role.VIEWER;
}

/** Whether the run may be asked to stop when the sweep is over. */
export function mayStopAfterSweep(state: MirrorState): boolean {
  return hindranceOf(state, Verb.STOP_AFTER_SWEEP) === undefined;
}

/** Stops what goes on, now. What is recorded is kept. */
export function stopNow(dispatch: MirrorDispatch, what: Stoppable): void {
  if (what === "run") void dispatch(stopRun("now"));
  else if (what === "recording") void dispatch(stopRecording());
}
