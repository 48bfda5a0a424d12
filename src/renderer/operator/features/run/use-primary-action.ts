/** The one action that the phase is about, always in the same place and on the same key. */
import { RunStep, Verb, WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { enterPhase, pauseRun, recover, resumeRun, runPreflight, startRun } from "../../../../mirror";
import type { CommandName, MirrorDispatch, MirrorState, RunMirror } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { useAcceptance } from "../preflight/acceptance";
import { hindranceOf, onlyWarnings, phaseOf, runningRun, VERB_WORDS } from "./transitions";
import type { Hindrance } from "./transitions";

/** What can be asked for by a button of the run. */
export interface RunAction {
  readonly verb: Verb;
  readonly label: string;
  readonly help: string;
  readonly hindrance: Hindrance | undefined;
  readonly pending: boolean;
  /** The command whose refusal is told beside the button. */
  readonly command: CommandName;
  /** Does nothing while it is hindered. */
  readonly act: () => void;
}

interface ActionKind {
  readonly label?: string;
  readonly help: string;
  readonly command: CommandName;
  readonly ask: (dispatch: MirrorDispatch, accepted: readonly string[]) => void;
}

const KINDS: Readonly<Partial<Record<Verb, ActionKind>>> = {
  [Verb.RUN_PREFLIGHT]: {
    help: "Look at everything that the run depends on",
    command: "runPreflight",
    ask: (dispatch) => void dispatch(runPreflight()),
  },
  [Verb.START_RUN]: {
    help: "Record every frame and show the stimulus",
    command: "startRun",
    ask: (dispatch, accepted) => void dispatch(startRun(accepted)),
  },
  [Verb.PAUSE_RUN]: {
    help: "Pause when the sweep that is shown is over; the camera is recorded on",
    command: "pauseRun",
    ask: (dispatch) => void dispatch(pauseRun()),
  },
  [Verb.RESUME_RUN]: {
    help: "Go on with the next sweep",
    command: "resumeRun",
    ask: (dispatch) => void dispatch(resumeRun()),
  },
  [Verb.RECOVER]: {
    help: "Go back to where it was, when what was wrong is mended",
    command: "recover",
    ask: (dispatch) => void dispatch(recover()),
  },
  [Verb.ENTER_SET_UP]: {
    label: "New run",
    help: "Back to set-up; the run that ended stays as it is",
    command: "enterPhase",
    ask: (dispatch) => void dispatch(enterPhase(WorkflowPhase.SET_UP)),
  },
};

/** The verb that the phase is about. */
function primaryVerb(state: MirrorState): Verb {
  switch (phaseOf(state)) {
    case WorkflowPhase.PRE_FLIGHT:
      return Verb.START_RUN;
    case WorkflowPhase.ACQUISITION:
      return isPausing(runningRun(state)) ? Verb.RESUME_RUN : Verb.PAUSE_RUN;
    case WorkflowPhase.REVIEW:
      return Verb.ENTER_SET_UP;
    case WorkflowPhase.ERROR:
      return Verb.RECOVER;
    default:
      return Verb.RUN_PREFLIGHT;
  }
}

/** Whether it is paused or about to be. Whatever stands against going on is said at the button that goes on. */
function isPausing(run: RunMirror | undefined): boolean {
  return run !== undefined && (run.pauseAsked || run.step === RunStep.PAUSED);
}

/** An action by its verb. */
export function useRunAction(verb: Verb): RunAction {
  const dispatch = useMirrorDispatch();
  const acceptance = useAcceptance();
  const kind = KINDS[verb];
  const command = kind?.command ?? "enterPhase";
  const guarded = useMirror((state) => hindranceOf(state, verb), sameHindrance);
  const pending = useMirror((state) => state.commands[command].pending > 0);
  const taken = useMirror((state) => (verb === Verb.RESUME_RUN && runningRun(state)?.pauseAsked) ?? false);
  const paused = useMirror((state) => (runningRun(state)?.stepEndsNs ?? "") === "0");
  const left = acceptance.warnings.length - acceptance.accepted.size;
  const unaccepted =
    verb === Verb.START_RUN && left > 0
      ? { reason: left === 1 ? "A warning is not accepted." : `${left} warnings are not accepted.`, remedy: ACCEPT }
      : undefined;
  const warned = useMirror(onlyWarnings);
  const hindrance = verb === Verb.START_RUN && warned ? unaccepted : (guarded ?? unaccepted);
  const act = () => {
    if (!hindrance && !pending) kind?.ask(dispatch, [...acceptance.accepted]);
  };
  const label = taken && !paused ? "Do not pause" : (kind?.label ?? VERB_WORDS[verb]);
  return { verb, label, help: kind?.help ?? "", hindrance, pending, command, act };
}

const ACCEPT = "Accept what warns beside the check, or mend it and run the checks again.";

export function usePrimaryAction(): RunAction {
  return useRunAction(useMirror(primaryVerb));
}

function sameHindrance(a: Hindrance | undefined, b: Hindrance | undefined): boolean {
  return a?.reason === b?.reason && a?.remedy === b?.remedy;
}
