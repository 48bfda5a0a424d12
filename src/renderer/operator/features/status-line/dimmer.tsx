/** Takes the whole window down for the dark room. */
import { useState } from "react";
import { useShortcut } from "../../../shared/shortcuts";
import classes from "./status-line.module.css";

/** Part of the light that is taken away. */
const STEPS = [0, 0.35, 0.6, 0.78] as const;

export function Dimmer() {
  const [step, setStep] = useState(0);
  const next = () => setStep((before) => (before + 1) % STEPS.length);
  useShortcut({ keys: "D", label: "Dim the window, in steps", group: "Window", overDialogs: true, run: next });
  return (
    <>
      <button
        type="button"
        className={classes.help}
        onClick={next}
        title="Dim the window (D)"
        aria-label={`Dim the window, step ${step} of ${STEPS.length - 1}`}
      >
        ◐
      </button>
      {step > 0 && <div className={classes.dim} style={{ opacity: STEPS[step] }} aria-hidden="true" />}
    </>
  );
}
