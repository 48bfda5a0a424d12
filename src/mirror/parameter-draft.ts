/** A control's value as the text that stands in it, and back: what was typed means a value, nothing at all, or is refused with a reason. */
import type { Control } from "./parameter-form";
import { exactValue, limitProblem, readText, valueText, valueWithUnit } from "./parameter-text";
import type { ParameterValue } from "./parameter-values";

/** What a draft means; null is no value. */
export type DraftMeaning = { readonly value: ParameterValue | null } | { readonly problem: string };

/** The text of a value in a control; empty for none. */
export function draftText(control: Control, value: ParameterValue | null | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "object") return value.join(",");
  return typeof value === "number" && control.kind === "number" ? valueText(control, value) : String(value);
}

/** The value as people read it: "20 °", "Left to right, Right to left", "outside the screen". */
export function spokenValue(control: Control, value: ParameterValue | null | undefined): string {
  if (value === undefined || value === null || value === "") return control.emptyMeans ?? "empty";
  const labelOf = (number: number) => control.choices.find((one) => one.value === number)?.label ?? String(number);
  if (typeof value === "object") return value.length > 0 ? value.map(labelOf).join(", ") : "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "string") return value;
  return control.kind === "choice" ? labelOf(value) : valueWithUnit(control, value);
}

/** What the text means, by the control's kind; limits are {@link draftProblem}'s business. */
export function readDraft(control: Control, text: string): DraftMeaning {
  switch (control.kind) {
    case "switch":
      return { value: text === "true" };
    case "choice":
      return { value: text === "" ? null : Number(text) };
    case "choices":
      return { value: text === "" ? [] : text.split(",").map(Number) };
    case "number": {
      if (text.trim() === "" && control.emptyMeans !== undefined) return { value: null };
      const meant = readText(control, text);
      return "problem" in meant ? meant : { value: exactValue(control, meant.value) };
    }
    case "text": {
      const problem = textProblem(control, text);
      return problem === undefined ? { value: text } : { problem };
    }
  }
}

/** Why the text is not accepted, by all that the control knows; undefined when it is. */
export function draftProblem(control: Control, text: string): string | undefined {
  const meant = readDraft(control, text);
  if ("problem" in meant) return meant.problem;
  if (control.kind === "choices") return choicesProblem(control, meant.value as readonly number[]);
  return typeof meant.value === "number" && control.kind === "number" ? limitProblem(control, meant.value) : undefined;
}

/** Why a text is not accepted; undefined when it is. */
export function textProblem(control: Control, text: string): string | undefined {
  // As the rules count: characters, not UTF-16 units.
  const { length } = Array.from(text);
  if (control.maxLength !== undefined && length > control.maxLength) {
    return `${control.label} can have ${control.maxLength} characters, this has ${length}.`;
  }
  if (control.pattern !== undefined && !new RegExp(control.pattern, "u").test(text)) {
    return text === "" ? `${control.label} is needed.` : `${control.label} does not fit. ${control.help}`;
  }
  return undefined;
}

function choicesProblem({ label, minItems = 0, maxItems }: Control, chosen: readonly number[]): string | undefined {
  if (chosen.length < minItems)
    return minItems === 1 ? `${label}: choose one at least.` : `${label}: choose ${minItems} at least.`;
  if (maxItems !== undefined && chosen.length > maxItems) return `${label}: choose ${maxItems} at most.`;
  return undefined;
}
