/** A field for one number with its unit: text, so that what was typed stays; arrows step it. */
import { readText, valueText } from "../../../mirror";
import type { Control } from "../../../mirror";
import classes from "./parameter-control.module.css";

export interface NumberFieldProps {
  readonly id: string;
  readonly control: Control;
  readonly text: string;
  readonly disabled: boolean;
  readonly placeholder?: string | undefined;
  readonly onType: (text: string) => void;
  readonly onKeyDown: (event: React.KeyboardEvent) => void;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

export function NumberField({ control, text, onType, onKeyDown, ...rest }: NumberFieldProps) {
  const meant = readText(control, text);
  const step = (direction: 1 | -1, large: boolean) => {
    if ("problem" in meant) return;
    const value = meant.value + direction * stepOf(control, meant.value) * (large ? 10 : 1);
    const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = control;
    onType(valueText(control, Math.min(maximum, Math.max(minimum, value))));
  };
  return (
    <span className={classes.number}>
      <input
        {...rest}
        className={classes.input}
        role="spinbutton"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        value={text}
        aria-valuenow={"value" in meant ? meant.value * control.factor : undefined}
        aria-valuetext={control.unit && text ? `${text} ${control.unit}` : undefined}
        aria-valuemin={control.minimum === undefined ? undefined : control.minimum * control.factor}
        aria-valuemax={control.maximum === undefined ? undefined : control.maximum * control.factor}
        onChange={(event) => onType(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "ArrowUp" || event.key === "ArrowDown") {
            event.preventDefault();
            step(event.key === "ArrowUp" ? 1 : -1, event.shiftKey);
          } else onKeyDown(event);
        }}
      />
      {control.unit && (
        <span className={classes.unit} aria-hidden="true">
          {control.unit}
        </span>
      )}
    </span>
  );
}

/** The camera's increment, or one in the second figure. */
function stepOf(control: Control, value: number): number {
  if (control.increment > 0) return control.increment;
  if (control.integer) return 1;
  const shown = Math.abs(value * control.factor);
  const figure = shown > 0 ? 10 ** (Math.floor(Math.log10(shown)) - 1) : 1;
  return Math.max(figure, 10 ** -control.decimals) / control.factor;
}
