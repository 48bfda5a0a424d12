/** The phase, and in a run where it is: "Left to right 2/4 · sweep 7/10". */
import { WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { useMirror } from "../../../shared/hooks";
import { workerAnswers } from "../../situation";
import { askedText, progressText } from "../run/run-words";
import { phaseOf, runningRun } from "../run/transitions";
import classes from "./top-line.module.css";

const PHASE_WORDS: Readonly<Record<WorkflowPhase, string>> = {
  [WorkflowPhase.UNSPECIFIED]: "",
  [WorkflowPhase.START_UP]: "Start-up",
  [WorkflowPhase.SET_UP]: "Set-up",
  [WorkflowPhase.PRE_FLIGHT]: "Pre-flight",
  [WorkflowPhase.ACQUISITION]: "Acquisition",
  [WorkflowPhase.REVIEW]: "Review",
  [WorkflowPhase.ERROR]: "",
};

export function PhaseReadout() {
  const phase = useMirror(phaseOf);
  const run = useMirror(runningRun);
  const answers = useMirror(workerAnswers);
  const asked = run ? askedText(run) : "";
  return (
    <div className={classes.phase} data-stale={!answers || undefined} role="group" aria-label="Phase">
      {run ? (
        <>
          <span className={classes.progress}>{progressText(run)}</span>
          {asked && <span className={classes.asked}>{asked}</span>}
        </>
      ) : (
        <span className={classes.quietPhase}>{PHASE_WORDS[phase]}</span>
      )}
    </div>
  );
}
