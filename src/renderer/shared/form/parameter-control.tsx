/** One control of a form drawn from a schema: a number with its slider, a choice, a switch or a text. */
import { Switch } from "@mantine/core";
import { useId } from "react";
import { draftText, hasSlider, rangeText, valueText } from "../../../mirror";
import type { Control } from "../../../mirror";
import { NumberField } from "./number-field";
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
  /** Nothing is asked for before somebody presses another button, so what is typed is not marked as changed. */
  readonly asTyped?: boolean;
  /** What an empty text stands for. */
  readonly placeholder?: string | undefined;
}

const NOT_OFFERED = "This camera does not offer it.";

export function ParameterControl(props: ParameterControlProps) {
  const { control, draft, refusal, locked, onType, onApply, onChoose, onRestore, asTyped = false, placeholder } = props;
  const id = useId();
  const text = draft?.text ?? draftText(control, control.value);
  const changed = !asTyped && draft !== undefined && draft.text !== draftText(control, control.value);
  const problem = draft?.problem ?? refusal;
  const fixed = fixedReason(control, locked);
  const disabled = fixed !== undefined;
  const note = problem ?? (control.offered ? undefined : fixed) ?? (control.readOnly ? fixed : undefined);
  const range = control.kind === "number" && control.offered ? rangeText(control) : "";
  const describedBy = [note && `${id}-note`, range && !changed && `${id}-range`].filter(Boolean).join(" ") || undefined;
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "Enter") onApply();
    else if (event.key === "Escape" && !event.shiftKey && changed) {
      event.preventDefault();
      event.stopPropagation();
      onRestore();
    }
  };
  const shared = {
    id,
    disabled,
    "aria-invalid": problem !== undefined,
    "aria-describedby": describedBy,
    onKeyDown,
  };
  return (
    <div
      className={classes.control}
      data-changed={changed || undefined}
      data-problem={problem !== undefined || undefined}
    >
      <div className={classes.head}>
        <label htmlFor={id} title={fixed ? `${control.help} ${fixed}` : control.help}>
          {control.label}
        </label>
        {changed && <span className={classes.changed}>changed</span>}
        {range && !changed && (
          <span id={`${id}-range`} className={hasSlider(control) ? classes.range : classes.hidden}>
            {range}
          </span>
        )}
      </div>
      <div className={classes.field}>
        {control.kind === "number" && <NumberField {...shared} control={control} text={text} onType={onType} />}
        {control.kind === "choice" && (
          <select
            {...shared}
            className={classes.input}
            value={text}
            onChange={(event) => onChoose(event.currentTarget.value)}
          >
            {text === "" && <option value="">–</option>}
            {control.choices.map(({ value, label }) => (
              <option key={value} value={String(value)}>
                {label}
              </option>
            ))}
          </select>
        )}
        {control.kind === "switch" && (
          <Switch
            {...shared}
            size="xs"
            checked={text === "true"}
            onChange={(event) => onChoose(String(event.currentTarget.checked))}
          />
        )}
        {control.kind === "text" && (
          <input
            {...shared}
            className={classes.input}
            value={text}
            placeholder={placeholder}
            spellCheck={false}
            onChange={(event) => onType(event.currentTarget.value)}
          />
        )}
        {control.offered && control.kind === "number" && hasSlider(control) && (
          <ParameterSlider
            control={control}
            text={text}
            disabled={disabled}
            onSlide={(value) => onType(valueText(control, value))}
            onRelease={(value) => onChoose(valueText(control, value))}
          />
        )}
      </div>
      {note && (
        <div id={`${id}-note`} className={problem ? classes.problem : classes.note}>
          {note}
          {problem && changed && <span className={classes.hint}> Esc restores {shownValue(control)}.</span>}
        </div>
      )}
    </div>
  );
}

function shownValue(control: Control): string {
  if (control.kind === "choice") return control.choices.find(({ value }) => value === control.value)?.label ?? "";
  const text = draftText(control, control.value);
  return control.unit ? `${text} ${control.unit}` : text;
}

function fixedReason(control: Control, locked: string | undefined): string | undefined {
  if (!control.offered) return NOT_OFFERED;
  if (control.readOnly) return control.reason || "The camera takes no other value now.";
  if (control.kind === "choice" && control.choices.length === 1) return "The camera offers no other.";
  return locked;
}
