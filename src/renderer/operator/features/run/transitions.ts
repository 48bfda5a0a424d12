/** What may be asked of the workflow now, and what is against it: the worker's own guards, in its words. */
import { Verb, WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { CommandError, MirrorState, RunMirror, WorkflowMirror } from "../../../../mirror";
import { commandHindrance } from "../../authority";

/** Why something cannot be done now, and what to do about it. */
export interface Hindrance {
  readonly reason: string;
  /** Empty: nothing that a person could do. */
  readonly remedy: string;
}

/** The workflow as it was heard last. */
export function workflowOf(state: MirrorState): WorkflowMirror | undefined {
  return state.workflow.current?.state;
}

export function phaseOf(state: MirrorState): WorkflowPhase {
  return workflowOf(state)?.phase ?? WorkflowPhase.UNSPECIFIED;
}

/** The run that goes on, as far as is known; undefined when none does. */
export function runningRun(state: MirrorState): RunMirror | undefined {
  const workflow = workflowOf(state);
  return workflow?.phase === WorkflowPhase.ACQUISITION ? workflow.run : undefined;
}

/** What is against a transition; undefined when it may be asked for. */
export function hindranceOf(state: MirrorState, verb: Verb): Hindrance | undefined {
  const powerless = commandHindrance(state);
  if (powerless !== undefined) return { reason: powerless, remedy: "" };
  const transition = workflowOf(state)?.transitions.find((one) => one.verb === verb);
  if (!transition) return { reason: "The worker has not said whether this is possible.", remedy: "" };
  if (transition.allowed) return undefined;
  const { reason, remedy } = transition.refusedBy ?? { reason: "The worker does not allow it now.", remedy: "" };
  return { reason, remedy };
}

/** The guard that a person lifts by accepting the warnings. */
const WARNINGS_GUARD = "warnings_accepted";

/** Whether nothing is against starting but warnings that may be accepted. */
export function onlyWarnings(state: MirrorState): boolean {
  const start = workflowOf(state)?.transitions.find((one) => one.verb === Verb.START_RUN);
  return commandHindrance(state) === undefined && start?.refusedBy?.id === WARNINGS_GUARD;
}

/** A hindrance in one line. */
export function hindranceText({ reason, remedy }: Hindrance): string {
  return remedy ? `${reason} ${remedy}` : reason;
}

/** What a refused command was refused by, in the guard's words where one stood against it. */
export function refusalText(error: CommandError): Hindrance {
  for (const { value } of error.details) {
    const guard = value.guard as { reason?: string; remedy?: string } | undefined;
    if (guard?.reason) return { reason: guard.reason, remedy: guard.remedy ?? "" };
  }
  return { reason: error.message, remedy: "" };
}

/** Names of the transitions, for people. */
export const VERB_WORDS: Readonly<Record<Verb, string>> = {
  [Verb.UNSPECIFIED]: "",
  [Verb.ENTER_SET_UP]: "Back to set-up",
  [Verb.RUN_PREFLIGHT]: "Run checks",
  [Verb.START_RUN]: "Start run",
  [Verb.PAUSE_RUN]: "Pause",
  [Verb.RESUME_RUN]: "Resume",
  [Verb.STOP_AFTER_SWEEP]: "Stop after this sweep",
  [Verb.STOP_NOW]: "Stop now",
  [Verb.ENTER_REVIEW]: "Review",
  [Verb.RECOVER]: "Recover",
};
