/** A number of the view that is typed: Enter or leaving applies, Esc restores. */
import { useState } from "react";
import { readText } from "../../../../mirror";
import classes from "./histogram-panel.module.css";

export interface LevelFieldProps {
  readonly label: string;
  /** Stands for the label where there is little room. */
  readonly short: string;
  readonly value: number;
  /** Digits after the point. */
  readonly decimals?: number;
  readonly onSet: (value: number) => void;
}

/** A number as it is, without a unit; the view brings it into range. */
const PLAIN = { unit: "", factor: 1, integer: false, minimum: undefined, maximum: undefined, increment: 0 };

export function LevelField({ label, short, value, decimals = 0, onSet }: LevelFieldProps) {
  const [typed, setTyped] = useState<string>();
  const apply = () => {
    const meant = typed === undefined ? undefined : readText({ ...PLAIN, label, decimals }, typed);
    if (meant && "value" in meant) onSet(meant.value);
    setTyped(undefined);
  };
  return (
    <label className={classes.field}>
      <span>{label}</span>
      <abbr className={classes.short} title={label} aria-hidden="true">
        {short}
      </abbr>
      <input
        inputMode="decimal"
        value={typed ?? value.toFixed(decimals)}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={apply}
        onKeyDown={(event) => {
          if (event.key === "Enter") apply();
          else if (event.key === "Escape" && !event.shiftKey) setTyped(undefined);
        }}
      />
    </label>
  );
}
