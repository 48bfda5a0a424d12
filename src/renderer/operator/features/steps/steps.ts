/** The steps of a day as the rail lists them: how each stands, and how to go there. */
import {
  CheckResult,
  RunOutcome,
  RunStep,
  Verb,
  WorkflowPhase,
} from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { MirrorState, WorkflowMirror } from "../../../../mirror";
import { counted } from "../../../shared/quantity-text";
import { phaseOf, workflowOf } from "../run/transitions";

export type StepName = "Set-up" | "Pre-flight" | "Acquire" | "Review";
export type StepStanding = "done" | "current" | "problem" | "open";

export interface Step {
  readonly name: StepName;
  readonly standing: StepStanding;
  /** The standing in words. */
  readonly word: string;
  /** What going there asks for; undefined: one is not taken there by this list. */
  readonly verb: Verb | undefined;
}

const PLACE: Readonly<Partial<Record<WorkflowPhase, number>>> = {
  [WorkflowPhase.START_UP]: 0,
  [WorkflowPhase.SET_UP]: 0,
  [WorkflowPhase.PRE_FLIGHT]: 1,
  [WorkflowPhase.ACQUISITION]: 2,
  [WorkflowPhase.REVIEW]: 3,
};

export function stepsOf(state: MirrorState): readonly Step[] {
  const workflow = workflowOf(state);
  const phase = phaseOf(state);
  const inError = phase === WorkflowPhase.ERROR;
  const here = PLACE[inError ? (workflow?.recoversTo ?? WorkflowPhase.SET_UP) : phase] ?? -1;
  const standing = (place: number): StepStanding => {
    if (place === here) return inError ? "problem" : "current";
    return place < here ? "done" : "open";
  };
  return [
    { name: "Set-up", standing: standing(0), word: setUpWord(standing(0), phase), verb: Verb.ENTER_SET_UP },
    { name: "Pre-flight", standing: standing(1), word: checksWord(workflow), verb: Verb.RUN_PREFLIGHT },
    { name: "Acquire", standing: standing(2), word: runWord(workflow), verb: undefined },
    { name: "Review", standing: standing(3), word: standing(3) === "current" ? "now" : "", verb: Verb.ENTER_REVIEW },
  ];
}

function setUpWord(standing: StepStanding, phase: WorkflowPhase): string {
  if (phase === WorkflowPhase.START_UP) return "starting up";
  return standing === "current" ? "now" : standing === "problem" ? "needs a hand" : "";
}

function checksWord(workflow: WorkflowMirror | undefined): string {
  const preflight = workflow?.preflight;
  if (!preflight) return "";
  if (preflight.running) return "checking";
  if (preflight.checks.length === 0) return "";
  if (preflight.outdated) return "outdated";
  const count = (result: CheckResult) => preflight.checks.filter((check) => check.result === result).length;
  const failed = count(CheckResult.FAIL);
  if (failed > 0) return `${failed} failed`;
  const warned = count(CheckResult.WARN);
  return warned > 0 ? counted(warned, "warning") : "passed";
}

function runWord(workflow: WorkflowMirror | undefined): string {
  const run = workflow?.run;
  if (!run) return "";
  if (workflow.phase === WorkflowPhase.ACQUISITION) return run.step === RunStep.PAUSED ? "paused" : "running";
  return workflow.phase === WorkflowPhase.REVIEW ? OUTCOME_WORDS[run.outcome] : "";
}

/** How a run ended, in a word. */
const OUTCOME_WORDS: Readonly<Record<RunOutcome, string>> = {
  [RunOutcome.UNSPECIFIED]: "unknown",
  [RunOutcome.RUNNING]: "running",
  [RunOutcome.COMPLETE]: "complete",
  [RunOutcome.STOPPED]: "stopped",
  [RunOutcome.FAILED]: "failed",
};
