/**
 * A control's value as text and back. What was typed is never changed silently: it is either a value that can be asked for, or it is refused with
 * a reason.
 */
import type { Control } from "./parameter-form";

/** What typed text means. */
export type TypedValue = { readonly value: number } | { readonly problem: string };

type NumberControl = Pick<
  Control,
  "label" | "unit" | "factor" | "decimals" | "integer" | "minimum" | "maximum" | "increment"
>;

/** The value as it is shown, without the unit: as many digits as are meant, no more. */
export function valueText(control: NumberControl, value: number): string {
  const shown = value * control.factor;
  const text = shown.toFixed(control.decimals);
  if (value !== 0 && Number(text) === 0) return smallText(shown, control.decimals);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A value too small for the digits is not nothing: as few figures as still read as too small. */
function smallText(shown: number, decimals: number): string {
  for (let figures = 2; figures <= 15; figures += 1) {
    const small = Number(shown.toPrecision(figures));
    if (Number(small.toFixed(decimals)) === 0) return String(small);
  }
  return String(shown);
}

/** The value with its unit. */
export function valueWithUnit(control: NumberControl, value: number): string {
  return control.unit ? `${valueText(control, value)} ${control.unit}` : valueText(control, value);
}

/** "0.02–1000 ms"; empty when no limit is known. */
export function rangeText(control: NumberControl): string {
  const { minimum, maximum } = control;
  const unit = control.unit ? ` ${control.unit}` : "";
  // A minus sign for reading; fields keep the hyphen that is typed.
  const printed = (value: number) => valueText(control, value).replace("-", "−");
  if (minimum !== undefined && maximum !== undefined) return `${printed(minimum)} to ${printed(maximum)}${unit}`;
  if (minimum !== undefined) return `from ${printed(minimum)}${unit}`;
  return maximum !== undefined ? `up to ${printed(maximum)}${unit}` : "";
}

/** One comma with three digits behind it parts thousands to some and decimals to others, who would be wrong by a factor of a thousand. */
const AMBIGUOUS = /^[+-]?[1-9]\d{0,2},\d{3}$/;

/** Reads text as a value in the field's own unit; a decimal comma, a printed minus sign and the unit behind the number are understood. */
export function readText(control: NumberControl, typed: string): TypedValue {
  let text = typed.trim();
  if (control.unit && text.toLowerCase().endsWith(control.unit.toLowerCase())) {
    text = text.slice(0, text.length - control.unit.length).trim();
  }
  text = text.replace(/^−/, "-");
  if (AMBIGUOUS.test(text)) {
    const [thousands, decimals] = [text.replace(",", ""), text.replace(",", ".")];
    const meant = control.integer ? thousands : `${thousands} or ${decimals}`;
    return { problem: `${control.label}: a comma may part thousands or decimals; type ${meant}.` };
  }
  text = text.replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return { problem: `${control.label} is a number.` };
  const shown = Number(text);
  const value = settle(shown / control.factor);
  if (!Number.isFinite(value)) return { problem: `${control.label} is a number.` };
  if (control.integer && !Number.isInteger(value)) return { problem: `${control.label} is a whole number.` };
  return { value };
}

/** Why the camera will not take the value, as far as its limits tell; undefined when it may. */
export function limitProblem(control: NumberControl, value: number): string | undefined {
  const { minimum, maximum, increment } = control;
  // The limits are compared as they are shown: who types the number that is printed as the limit means the limit.
  const shown = valueText(control, value);
  const below = minimum !== undefined && value < minimum && shown !== valueText(control, minimum);
  const above = maximum !== undefined && value > maximum && shown !== valueText(control, maximum);
  if (below || above) return `${control.label} can be ${rangeText(control)}.`;
  if (control.integer && increment > 1 && minimum !== undefined) {
    const steps = (value - minimum) / increment;
    if (!Number.isInteger(steps)) {
      const lower = minimum + Math.floor(steps) * increment;
      const nearest = [lower, lower + increment].filter((one) => maximum === undefined || one <= maximum);
      const offers = nearest.map((one) => valueText(control, one)).join(" or ");
      return `${control.label} goes in steps of ${increment}: ${offers}.`;
    }
  }
  return undefined;
}

/** The value to ask for: a number typed as the printed limit is the exact limit behind it. */
export function exactValue(control: NumberControl, value: number): number {
  const shown = valueText(control, value);
  for (const limit of [control.minimum, control.maximum]) {
    if (limit !== undefined && shown === valueText(control, limit) && outside(control, value)) return limit;
  }
  return value;
}

function outside({ minimum, maximum }: NumberControl, value: number): boolean {
  return (minimum !== undefined && value < minimum) || (maximum !== undefined && value > maximum);
}

/** Takes off what dividing by a decimal factor adds: 20 ms is 20000 µs, not 20000.000000000004. */
function settle(value: number): number {
  return Number(value.toPrecision(15));
}
