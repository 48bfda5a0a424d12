/** A level of the contrast window under the histogram: dragged, or moved by keys. */
import { useRef } from "react";
import { clamp } from "../../../shared/clamp";
import { countText } from "../../../shared/quantity-text";
import classes from "./histogram-panel.module.css";

export interface ContrastHandleProps {
  readonly label: string;
  /** Part of the full range. */
  readonly value: number;
  /** How far it may go. */
  readonly least: number;
  readonly most: number;
  /** The camera's largest value. */
  readonly largest: number;
  /** CSS pixels of the full range. */
  readonly width: number;
  readonly onChange: (value: number) => void;
}

const PAGE = 16;

export function ContrastHandle({ label, value, least, most, largest, width, onChange }: ContrastHandleProps) {
  const drag = useRef<{ readonly clientX: number; readonly value: number }>(undefined);
  const set = (to: number) => onChange(clamp(to, least, most));
  /** One press: a thousandth of the range, and at least one count. */
  const step = Math.max(1, Math.round(largest / 1000)) / largest;
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => set(value - step),
    ArrowDown: () => set(value - step),
    ArrowRight: () => set(value + step),
    ArrowUp: () => set(value + step),
    PageDown: () => set(value - PAGE * step),
    PageUp: () => set(value + PAGE * step),
    Home: () => set(least),
    End: () => set(most),
  };
  const end = () => {
    drag.current = undefined;
  };
  const counts = (part: number) => Math.round(part * largest);
  return (
    <div
      className={classes.handle}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={counts(least)}
      aria-valuemax={counts(most)}
      aria-valuenow={counts(value)}
      aria-valuetext={`${countText(counts(value))} counts`}
      aria-orientation="horizontal"
      title={`${label}: ${countText(counts(value))} counts`}
      style={{ left: value * width }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { clientX: event.clientX, value };
      }}
      onPointerMove={(event) => {
        const from = drag.current;
        if (from && width > 0) set(from.value + (event.clientX - from.clientX) / width);
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onLostPointerCapture={end}
      onKeyDown={(event) => {
        const press = keys[event.key];
        if (!press || event.ctrlKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        press();
      }}
    />
  );
}
