/** One control of a form drawn from a schema: its label, its field by kind, its range, and what is wrong with what stands in it. */
import { useId } from "react";
import type { ReactNode } from "react";
import { draftText, hasSlider, rangeText, sameValue, spokenValue, valueText } from "../../../mirror";
import type { Control } from "../../../mirror";
import { ParameterInput } from "./parameter-input";
import { ParameterSlider } from "./parameter-slider";
import type { Draft } from "./use-drafts";
import classes from "./parameter-control.module.css";

export interface ParameterControlProps {
  readonly control: Control;
  readonly draft: Draft | undefined;
  /** Why the last attempt was refused. */
  readonly refusal: string | undefined;
  /** Why nothing can be changed now; undefined when it can. */
  readonly locked: string | undefined;
  readonly onType: (text: string) => void;
  /** Enter: ask for what is typed. */
  readonly onApply: () => void;
  /** Asks for a value at once, as choices and sliders do. */
  readonly onChoose: (text: string) => void;
  /** Esc: show the value again. */
  readonly onRestore: () => void;
  /** Gives it its default; absent: there is no going back to one. */
  readonly onReset?: (() => void) | undefined;
  /** Nothing is asked for before somebody presses another button, so what is typed is not marked as changed. */
  readonly asTyped?: boolean;
  /** What an empty text stands for. */
  readonly placeholder?: string | undefined;
  /** More to be told under the field. */
  readonly children?: ReactNode;
}

const NOT_OFFERED = "This camera does not offer it.";

export function ParameterControl(props: ParameterControlProps) {
  const { control, draft, refusal, locked, onType, onApply, onChoose, onRestore, onReset, asTyped = false } = props;
  const id = useId();
  const text = draft?.text ?? draftText(control, control.value);
  const changed = !asTyped && draft !== undefined && draft.text !== draftText(control, control.value);
  const problem = draft?.problem ?? refusal;
  const fixed = fixedReason(control, locked);
  const disabled = fixed !== undefined;
  const resettable = onReset !== undefined && differsFromDefault(control);
  const note = problem ?? (control.offered ? undefined : fixed) ?? (control.readOnly ? fixed : undefined);
  const range = control.kind === "number" && control.offered && !control.detected ? rangeText(control) : "";
  const describedBy = [note && `${id}-note`, range && !changed && `${id}-range`].filter(Boolean).join(" ") || undefined;
  const onKeyDown = (event: React.KeyboardEvent) => {
    // In a text of several lines Enter is a new line.
    if (event.key === "Enter" && (!control.multiline || event.ctrlKey || event.metaKey)) onApply();
    else if (event.key === "Escape" && !event.shiftKey && changed) {
      event.preventDefault();
      event.stopPropagation();
      onRestore();
    } else if (event.altKey && event.code === "KeyR" && resettable && !disabled) {
      event.preventDefault();
      onReset();
    }
  };
  const shared = {
    id,
    disabled,
    "aria-invalid": problem !== undefined,
    "aria-describedby": describedBy,
    onKeyDown,
  };
  const wide = control.kind === "choices" || control.multiline;
  const hint = fixed ? `${control.help} ${fixed}` : control.help;
  return (
    <div
      className={classes.control}
      data-path={control.path}
      data-changed={changed || undefined}
      data-problem={problem !== undefined || undefined}
      data-wide={wide || undefined}
      data-resettable={onReset !== undefined || undefined}
    >
      <div className={classes.head}>
        {control.kind === "choices" ? (
          <span id={`${id}-label`} title={hint}>
            {control.label}
          </span>
        ) : (
          <label htmlFor={id} title={hint}>
            {control.label}
          </label>
        )}
        {changed && <span className={classes.changed}>changed</span>}
        {range && !changed && (
          <span id={`${id}-range`} className={hasSlider(control) ? classes.range : classes.hidden}>
            {range}
          </span>
        )}
      </div>
      <div className={classes.field}>
        <ParameterInput
          shared={shared}
          control={control}
          text={text}
          placeholder={props.placeholder ?? control.emptyMeans}
          onType={onType}
          onChoose={onChoose}
        />
        {control.offered && !control.detected && control.kind === "number" && hasSlider(control) && (
          <ParameterSlider
            control={control}
            text={text}
            disabled={disabled}
            onSlide={(value) => onType(valueText(control, value))}
            onRelease={(value) => onChoose(valueText(control, value))}
          />
        )}
      </div>
      {resettable && (
        <button
          type="button"
          className={classes.reset}
          // Tab goes from field to field: on a button that comes and goes between them, what is typed next would be shortcuts.
          tabIndex={-1}
          disabled={disabled}
          aria-label={`Reset ${control.label} to ${spokenValue(control, control.defaultValue)}`}
          title={`Changed from its default. Reset to ${spokenValue(control, control.defaultValue)} (Alt+R in the field)`}
          onClick={onReset}
        >
          <ResetShape />
        </button>
      )}
      {note && (
        <div id={`${id}-note`} className={problem ? classes.problem : classes.note}>
          {note}
          {problem && changed && (
            <span className={classes.hint}> Esc restores {spokenValue(control, control.value)}.</span>
          )}
        </div>
      )}
      {props.children}
    </div>
  );
}

/** Whether a control has a default and another value. */
export function differsFromDefault(control: Control): boolean {
  return !control.detected && !sameValue(control.value, control.defaultValue);
}

function ResetShape() {
  return (
    <svg
      width="12"
      height="12"
      viewBox="0 0 12 12"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      <path d="M2.2 4.2 A4.4 4.4 0 1 1 1.7 7.2" />
      <path d="M1.6 1.4 L2.1 4.6 L5.2 4.1" />
    </svg>
  );
}

function fixedReason(control: Control, locked: string | undefined): string | undefined {
  if (!control.offered) return NOT_OFFERED;
  if (control.readOnly) return control.reason || "The camera takes no other value now.";
  if (control.kind === "choice" && control.choices.length === 1) return "The camera offers no other.";
  return locked;
}
