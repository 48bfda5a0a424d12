/** The steps of a day: which is on, which are done, and the way back to them. */
import { Verb, WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { enterPhase, runPreflight } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { useShortcut } from "../../../shared/shortcuts";
import { hindranceOf, hindranceText } from "../run/transitions";
import type { Hindrance } from "../run/transitions";
import { useStage } from "../stage/stage";
import { StepShape } from "./step-shape";
import { stepsOf } from "./steps";
import type { Step } from "./steps";
import classes from "./steps.module.css";

export function StepList() {
  const steps = useMirror(stepsOf, sameSteps);
  return (
    <ol className={classes.steps} aria-label="Steps">
      {steps.map((step, place) => (
        <StepItem key={step.name} step={step} keys={`Alt+${place + 1}`} />
      ))}
    </ol>
  );
}

function StepItem({ step, keys }: { readonly step: Step; readonly keys: string }) {
  const dispatch = useMirrorDispatch();
  const stage = useStage();
  const current = step.standing === "current" || step.standing === "problem";
  const against = useMirror((state) => (step.verb === undefined ? ONLY_STARTED : hindranceOf(state, step.verb)), same);
  const hindrance = current ? undefined : against;
  const go = () => {
    if (hindrance) return;
    if (current) stage.show({ kind: "phase" });
    else if (step.verb === Verb.ENTER_SET_UP) void dispatch(enterPhase(WorkflowPhase.SET_UP));
    else if (step.verb === Verb.ENTER_REVIEW) void dispatch(enterPhase(WorkflowPhase.REVIEW));
    else if (step.verb === Verb.RUN_PREFLIGHT) void dispatch(runPreflight());
  };
  useShortcut({ keys, label: `Go to ${step.name}`, group: "Run", whileTyping: true, run: go });
  return (
    <li>
      <button
        type="button"
        className={classes.step}
        data-standing={step.standing}
        aria-current={current ? "step" : undefined}
        aria-disabled={hindrance ? true : undefined}
        title={hindrance ? hindranceText(hindrance) : `${step.name} (${keys})`}
        onClick={go}
      >
        <StepShape standing={step.standing} />
        <span className={classes.name}>{step.name}</span>
        <span className={classes.word}>{step.word}</span>
      </button>
    </li>
  );
}

const ONLY_STARTED: Hindrance = { reason: "A run is entered by starting it.", remedy: "" };

function same(a: Hindrance | undefined, b: Hindrance | undefined): boolean {
  return a?.reason === b?.reason && a?.remedy === b?.remedy;
}

function sameSteps(a: readonly Step[], b: readonly Step[]): boolean {
  return a.every((step, place) => step.standing === b[place]?.standing && step.word === b[place].word);
}
