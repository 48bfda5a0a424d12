/** Asks once before something is lost; doing nothing is the default. */
import { useEffect, useId, useRef } from "react";
import classes from "./presets.module.css";

export interface ConfirmationProps {
  /** Names what is lost. */
  readonly question: string;
  readonly keep: string;
  readonly go: string;
  readonly onKeep: () => void;
  readonly onGo: () => void;
}

export function Confirmation({ question, keep, go, onKeep, onGo }: ConfirmationProps) {
  const id = useId();
  const safe = useRef<HTMLButtonElement>(null);
  useEffect(() => safe.current?.focus(), []);
  return (
    <div
      className={classes.confirmation}
      role="alertdialog"
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onKeep();
      }}
    >
      <span id={id}>{question}</span>
      <span className={classes.actions}>
        <button ref={safe} type="button" className={classes.button} onClick={onKeep}>
          {keep}
        </button>
        <button type="button" className={classes.danger} onClick={onGo}>
          {go}
        </button>
      </span>
    </div>
  );
}
