/** What Stop stops, and how: the run, or the recording that was started without one. */
import { Verb } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { Role } from "../../../../../gen/ts/macroscope/rpc/v1/options_pb";
import { stopRecording, stopRun } from "../../../../mirror";
import type { MirrorDispatch, MirrorState } from "../../../../mirror";
import { roleOf } from "../../authority";
import { isRecording } from "../../situation";
import { hindranceOf, runningRun } from "./transitions";

export type Stoppable = "run" | "recording" | "nothing";

/** What goes on as far as is known. A worker that does not answer may still go on with it. */
export function stoppable(state: MirrorState): Stoppable {
  if (runningRun(state)) return "run";
  // After a fault the worker stops no run any more, but its recording may still be there: that is what is stopped then.
  return isRecording(state) ? "recording" : "nothing";
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
