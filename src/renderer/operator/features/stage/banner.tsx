/** What needs a hand now, over the picture: a fault, a pause that nobody asked for, a stop that was not answered. */
import { RunStep, Verb, WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { commandErrorDismissed } from "../../../../mirror";
import { CopyButton } from "../../../shared/copy-button";
import { useMirror, useMirrorDispatch, useNow } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { lastingText } from "../../../shared/quantity-text";
import { hindranceOf, refusalText, runningRun, workflowOf } from "../run/transitions";
import { secondsBetween } from "../run/worker-clock";
import classes from "./stage.module.css";

export function Banner() {
  return (
    <div className={classes.banner}>
      <FaultNotice />
      <PauseNotice />
      <WaitNotice />
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
  const mayResume = useMirror((state) => hindranceOf(state, Verb.RESUME_RUN) === undefined);
  if (!run?.pauseReason) return null;
  const paused = run.step === RunStep.PAUSED;
  return (
    <Notice large tone="alarm" title={paused ? "The run is paused" : "The run pauses after this sweep"}>
      <div>{run.pauseReason}</div>
      {paused && mayResume && <div>The run can go on: press Resume.</div>}
    </Notice>
  );
}

/** A run that starts or ends on a disk that does not answer. */
function WaitNotice() {
  const run = useMirror(runningRun);
  return run?.waitingFor ? <Waiting waitingFor={run.waitingFor} sinceNs={run.waitingSinceNs} /> : null;
}

function Waiting({ waitingFor, sinceNs }: { readonly waitingFor: string; readonly sinceNs: string }) {
  const nowMs = useNow(1000);
  const receivedAtMs = useMirror((state) => state.workflow.current?.receivedAtMs ?? 0);
  const statedNs = useMirror((state) => workflowOf(state)?.statedNs ?? "0");
  const mayGiveUp = useMirror((state) => hindranceOf(state, Verb.STOP_NOW) === undefined);
  const waitedS = secondsBetween(sinceNs, statedNs) + Math.max(0, nowMs - receivedAtMs) / 1000;
  return (
    <Notice large tone="warn" title={`Waiting for the disk for ${lastingText(Math.max(0, waitedS))}`}>
      {waitingFor}{" "}
      {mayGiveUp
        ? "Stop gives up waiting after 10 s: the run has failed then, what is on the disk is kept, and the camera goes on."
        : "After 10 s Stop can give up waiting."}
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
