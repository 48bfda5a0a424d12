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

/** Esc is for the question; the dialog around it stays. */
const OWN_ESCAPE = { "data-mantine-stop-propagation": "true" };

export function Confirmation({ question, keep, go, onKeep, onGo }: ConfirmationProps) {
  const id = useId();
  const safe = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    safe.current?.focus();
    // Back to where somebody was.
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
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
        <button ref={safe} type="button" className={classes.button} onClick={onKeep} {...OWN_ESCAPE}>
          {keep}
        </button>
        <button type="button" className={classes.danger} onClick={onGo} {...OWN_ESCAPE}>
          {go}
        </button>
      </span>
    </div>
  );
}
