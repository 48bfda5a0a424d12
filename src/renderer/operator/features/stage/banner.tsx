/** What needs a hand now, over the picture: a fault, a pause that nobody asked for, a stop that was not answered. */
import { RunStep, WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { commandErrorDismissed } from "../../../../mirror";
import { CopyButton } from "../../../shared/copy-button";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { refusalText, runningRun, workflowOf } from "../run/transitions";
import classes from "./stage.module.css";

export function Banner() {
  return (
    <div className={classes.banner}>
      <FaultNotice />
      <PauseNotice />
      <StopNotice />
    </div>
  );
}

function FaultNotice() {
  const workflow = useMirror(workflowOf);
  if (workflow?.phase !== WorkflowPhase.ERROR) return null;
  const { message, remedy } = workflow.fault ?? { message: "The worker has not said what is wrong.", remedy: "" };
  return (
    <Notice large tone="alarm" title={message}>
      <div className={classes.remedy}>
        <span>{remedy} Then press Recover.</span>
        <CopyButton text={`${message} ${remedy}`} label="Copy" />
      </div>
    </Notice>
  );
}

function PauseNotice() {
  const run = useMirror(runningRun);
  if (!run?.pauseReason) return null;
  const paused = run.step === RunStep.PAUSED;
  return (
    <Notice large tone="alarm" title={paused ? "The run is paused" : "The run pauses after this sweep"}>
      {run.pauseReason}
    </Notice>
  );
}

function StopNotice() {
  const dispatch = useMirrorDispatch();
  const run = useMirror((state) => state.commands.stopRun.error);
  const recording = useMirror((state) => state.commands.stopRecording.error);
  const error = run ?? recording;
  if (!error) return null;
  const { reason, remedy } = refusalText(error);
  const dismiss = () => {
    dispatch(commandErrorDismissed("stopRun"));
    dispatch(commandErrorDismissed("stopRecording"));
  };
  return (
    <Notice large tone="alarm" title="Stop was not answered" onDismiss={dismiss}>
      {reason} {remedy} If it still goes on, press Stop again.
    </Notice>
  );
}
