/** Where on a slider a value stands, from 0 to 1, and back. */
import type { Control } from "./parameter-form";

type Scale = Pick<Control, "slider" | "minimum" | "maximum" | "increment" | "integer" | "factor" | "decimals">;

/** A slider needs two finite ends apart from each other, above zero when it goes by ratios. */
export function hasSlider({ slider, minimum, maximum }: Scale): boolean {
  if (slider === "none" || minimum === undefined || maximum === undefined) return false;
  return Number.isFinite(maximum - minimum) && maximum > minimum && (slider === "linear" || minimum > 0);
}

/** The place of a value; values outside stand at the end. */
export function placeOf(scale: Scale, value: number): number {
  const { minimum = 0, maximum = 1 } = scale;
  const place =
    scale.slider === "logarithmic"
      ? Math.log(value / minimum) / Math.log(maximum / minimum)
      : (value - minimum) / (maximum - minimum);
  return Math.min(1, Math.max(0, place));
}

/** The value at a place, on the camera's grid or at the shown digits, within the limits. */
export function valueAt(scale: Scale, place: number): number {
  const { minimum = 0, maximum = 1 } = scale;
  if (place <= 0) return minimum;
  if (place >= 1) return maximum;
  const raw =
    scale.slider === "logarithmic" ? minimum * (maximum / minimum) ** place : minimum + place * (maximum - minimum);
  const value =
    scale.increment > 0 ? minimum + Math.round((raw - minimum) / scale.increment) * scale.increment : tidy(scale, raw);
  return Math.min(maximum, Math.max(minimum, value));
}

/** Three figures are as fine as a hand is; never more digits than the control shows. */
function tidy(scale: Scale, value: number): number {
  if (scale.integer) return Math.round(value);
  const shown = Number((value * scale.factor).toPrecision(3));
  return Number((Number(shown.toFixed(scale.decimals)) / scale.factor).toPrecision(15));
}
