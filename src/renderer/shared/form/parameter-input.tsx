/** What a control's value is typed or chosen in, by its kind. */
import { Switch } from "@mantine/core";
import { spokenValue } from "../../../mirror";
import type { Control } from "../../../mirror";
import { ChoicesField } from "./choices-field";
import { NumberField } from "./number-field";
import classes from "./parameter-control.module.css";

/** What every kind of field is given. */
export interface SharedFieldProps {
  readonly id: string;
  readonly disabled: boolean;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
  readonly onKeyDown: (event: React.KeyboardEvent) => void;
}

export interface ParameterInputProps {
  readonly shared: SharedFieldProps;
  readonly control: Control;
  readonly text: string;
  /** What an empty field stands for. */
  readonly placeholder: string | undefined;
  readonly onType: (text: string) => void;
  readonly onChoose: (text: string) => void;
}

export function ParameterInput({ shared, control, text, placeholder, onType, onChoose }: ParameterInputProps) {
  if (control.detected) return <Detected id={shared.id} control={control} />;
  switch (control.kind) {
    case "number":
      return <NumberField {...shared} control={control} text={text} placeholder={placeholder} onType={onType} />;
    case "choice":
      return (
        <select
          {...shared}
          className={classes.input}
          value={text}
          onChange={(event) => onChoose(event.currentTarget.value)}
        >
          {(text === "" || control.emptyMeans !== undefined) && <option value="">{control.emptyMeans ?? "–"}</option>}
          {control.choices.map(({ value, label }) => (
            <option key={value} value={String(value)}>
              {label}
            </option>
          ))}
        </select>
      );
    case "choices":
      return <ChoicesField {...shared} control={control} text={text} onChoose={onChoose} />;
    case "switch":
      return (
        <Switch
          {...shared}
          size="xs"
          checked={text === "true"}
          onChange={(event) => onChoose(String(event.currentTarget.checked))}
        />
      );
    case "text":
      return control.multiline ? (
        <textarea
          {...shared}
          className={classes.input}
          rows={4}
          value={text}
          placeholder={placeholder}
          onChange={(event) => onType(event.currentTarget.value)}
        />
      ) : (
        <input
          {...shared}
          className={classes.input}
          value={text}
          placeholder={placeholder}
          spellCheck={false}
          onChange={(event) => onType(event.currentTarget.value)}
        />
      );
  }
}

/** Found out by the program, so there is nothing to type. */
function Detected({ id, control }: { readonly id: string; readonly control: Control }) {
  return (
    <output id={id} className={classes.detected}>
      {spokenValue(control, control.value)}
    </output>
  );
}
