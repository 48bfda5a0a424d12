/** A number of the view that is typed: Enter or leaving applies, Esc restores. */
import { useState } from "react";
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

export function LevelField({ label, short, value, decimals = 0, onSet }: LevelFieldProps) {
  const [typed, setTyped] = useState<string>();
  const apply = () => {
    if (typed !== undefined && typed.trim() !== "" && Number.isFinite(Number(typed))) onSet(Number(typed));
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
