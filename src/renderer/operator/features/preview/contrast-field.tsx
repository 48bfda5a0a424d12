/** A level of the contrast window as a number: Enter or leaving applies, Esc restores. */
import { useState } from "react";
import classes from "./preview.module.css";

export interface ContrastFieldProps {
  readonly label: string;
  readonly value: number;
  readonly onSet: (value: number) => void;
}

export function ContrastField({ label, value, onSet }: ContrastFieldProps) {
  const [typed, setTyped] = useState<string>();
  const apply = () => {
    if (typed !== undefined && typed.trim() !== "" && Number.isFinite(Number(typed))) onSet(Number(typed));
    setTyped(undefined);
  };
  return (
    <input
      className={classes.level}
      inputMode="numeric"
      aria-label={label}
      title={label}
      value={typed ?? String(value)}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={apply}
      onKeyDown={(event) => {
        if (event.key === "Enter") apply();
        else if (event.key === "Escape" && !event.shiftKey) setTyped(undefined);
      }}
    />
  );
}
