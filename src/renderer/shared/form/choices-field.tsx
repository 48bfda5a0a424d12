/** Several of an enum's values in an order: those that are taken stand first, each can be left out, or moved up and down. */
import type { Control } from "../../../mirror";
import type { SharedFieldProps } from "./parameter-input";
import classes from "./parameter-control.module.css";

export interface ChoicesFieldProps extends SharedFieldProps {
  readonly control: Control;
  /** Numbers with commas between, in their order. */
  readonly text: string;
  readonly onChoose: (text: string) => void;
}

export function ChoicesField({ id, control, text, disabled, onChoose, onKeyDown, ...aria }: ChoicesFieldProps) {
  const taken = text === "" ? [] : text.split(",").map(Number);
  const rest = control.choices.map(({ value }) => value).filter((value) => !taken.includes(value));
  const labelOf = (value: number) => control.choices.find((one) => one.value === value)?.label ?? String(value);
  const choose = (values: readonly number[]) => onChoose(values.join(","));
  const move = (value: number, by: -1 | 1) => {
    const from = taken.indexOf(value);
    const others = taken.filter((one) => one !== value);
    const to = Math.min(others.length, Math.max(0, from + by));
    if (from >= 0 && to !== from) choose([...others.slice(0, to), value, ...others.slice(to)]);
  };
  return (
    <div
      role="group"
      aria-labelledby={`${id}-label`}
      aria-describedby={aria["aria-describedby"]}
      className={classes.choices}
    >
      {[...taken, ...rest].map((value) => {
        const place = taken.indexOf(value);
        const on = place >= 0;
        return (
          <div key={value} className={classes.choice} data-on={on || undefined}>
            <label>
              <input
                type="checkbox"
                checked={on}
                disabled={disabled}
                aria-invalid={aria["aria-invalid"]}
                onChange={() => choose(on ? taken.filter((one) => one !== value) : [...taken, value])}
                onKeyDown={(event) => {
                  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
                    event.preventDefault();
                    move(value, event.key === "ArrowUp" ? -1 : 1);
                  } else onKeyDown(event);
                }}
              />
              <span className={classes.ordinal}>{on ? `${place + 1}.` : ""}</span>
              {labelOf(value)}
            </label>
            {on && taken.length > 1 && (
              <>
                <MoveButton
                  label={`${labelOf(value)} earlier`}
                  up
                  disabled={disabled || place === 0}
                  onMove={() => move(value, -1)}
                />
                <MoveButton
                  label={`${labelOf(value)} later`}
                  disabled={disabled || place === taken.length - 1}
                  onMove={() => move(value, 1)}
                />
              </>
            )}
          </div>
        );
      })}
    </div>
  );
}

interface MoveButtonProps {
  readonly label: string;
  readonly up?: boolean;
  readonly disabled: boolean;
  readonly onMove: () => void;
}

function MoveButton({ label, up = false, disabled, onMove }: MoveButtonProps) {
  return (
    <button type="button" className={classes.move} aria-label={label} disabled={disabled} onClick={onMove}>
      <svg
        width="10"
        height="10"
        viewBox="0 0 10 10"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        aria-hidden="true"
      >
        <path d={up ? "M1.5 6.5 L5 3 L8.5 6.5" : "M1.5 3.5 L5 7 L8.5 3.5"} />
      </svg>
    </button>
  );
}
