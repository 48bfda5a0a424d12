/** A slider on a parameter's own scale. It never stands without its number field. */
import { useRef } from "react";
import type { CSSProperties } from "react";
import { placeOf, readText, valueAt, valueWithUnit } from "../../../mirror";
import type { Control } from "../../../mirror";
import classes from "./parameter-control.module.css";

const STEPS = 500;

export interface ParameterSliderProps {
  readonly control: Control;
  readonly text: string;
  readonly disabled: boolean;
  /** While it moves. */
  readonly onSlide: (value: number) => void;
  /** When it is let go. */
  readonly onRelease: (value: number) => void;
}

export function ParameterSlider({ control, text, disabled, onSlide, onRelease }: ParameterSliderProps) {
  const moved = useRef<number | undefined>(undefined);
  const meant = readText(control, text);
  const value = "value" in meant ? meant.value : typeof control.value === "number" ? control.value : control.minimum;
  const place = placeOf(control, value ?? 0);
  const release = () => {
    if (moved.current === undefined) return;
    onRelease(moved.current);
    moved.current = undefined;
  };
  return (
    <input
      type="range"
      className={classes.slider}
      // The number field beside it has the keys, and digits typed here would be shortcuts.
      tabIndex={-1}
      min={0}
      max={STEPS}
      step={1}
      value={Math.round(place * STEPS)}
      disabled={disabled}
      style={{ "--place": `${place * 100}%` } as CSSProperties}
      aria-label={`${control.label} slider`}
      aria-valuetext={value === undefined ? undefined : valueWithUnit(control, value)}
      onChange={(event) => {
        moved.current = valueAt(control, Number(event.currentTarget.value) / STEPS);
        onSlide(moved.current);
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
      onKeyUp={release}
      onBlur={release}
    />
  );
}
