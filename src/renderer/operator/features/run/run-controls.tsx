/** What is asked of the run: one primary action, always in the same place; what is against it, and what it was refused for. */
import { useId } from "react";
import { Verb, WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { commandErrorDismissed } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { counted } from "../../../shared/quantity-text";
import { useShortcut } from "../../../shared/shortcuts";
import { useUnapplied } from "../configuration/use-configuration";
import { ActionButton } from "./action-button";
import { phaseOf, refusalText } from "./transitions";
import { usePrimaryAction, useRunAction } from "./use-primary-action";
import type { RunAction } from "./use-primary-action";
import classes from "./run.module.css";

export function RunControls() {
  const primary = usePrimaryAction();
  const phase = useMirror(phaseOf);
  const why = useId();
  useShortcut({ keys: "G", label: "What the phase is about: the large button", group: "Run", run: primary.act });
  return (
    <section className={classes.controls} aria-label="Run">
      <ActionButton
        primary
        label={primary.label}
        keys="G"
        help={primary.help}
        hindrance={primary.hindrance}
        pending={primary.pending}
        describedBy={why}
        onAct={primary.act}
      />
      {primary.hindrance && (
        <p id={why} className={classes.why}>
          {primary.hindrance.reason} <span className={classes.remedy}>{primary.hindrance.remedy}</span>
        </p>
      )}
      <Unapplied verb={primary.verb} />
      <Refusal action={primary} />
      {phase === WorkflowPhase.PRE_FLIGHT && <Again />}
    </section>
  );
}

/** What was typed into a form that may not be in sight is no part of a run that is about to begin. */
function Unapplied({ verb }: { readonly verb: Verb }) {
  const count = useUnapplied();
  if (count === 0 || (verb !== Verb.RUN_PREFLIGHT && verb !== Verb.START_RUN)) return null;
  return (
    <p className={classes.asked} role="status">
      ▲ {counted(count, "change")} of the settings {count === 1 ? "is" : "are"} typed and not applied: the run is made
      without.
    </p>
  );
}

/** In pre-flight the checks may be made again. */
function Again() {
  const again = useRunAction(Verb.RUN_PREFLIGHT);
  useShortcut({ keys: "C", label: "Run the checks again", group: "Run", run: again.act });
  return (
    <>
      <ActionButton
        label="Run checks again"
        keys="C"
        help={again.help}
        hindrance={again.hindrance}
        pending={again.pending}
        onAct={again.act}
      />
      <Refusal action={again} />
    </>
  );
}

function Refusal({ action }: { readonly action: RunAction }) {
  const dispatch = useMirrorDispatch();
  const error = useMirror((state) => state.commands[action.command].error);
  if (!error) return null;
  const { reason, remedy } = refusalText(error);
  return (
    <Notice
      tone="warn"
      title={`${action.label}: refused`}
      onDismiss={() => dispatch(commandErrorDismissed(action.command))}
    >
      {reason} {remedy}
    </Notice>
  );
}
