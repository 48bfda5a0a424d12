/** Why a value was refused, in the words and units of its control. */
import { ParameterRejectedSchema } from "../../gen/ts/macroscope/camera/v1/errors_pb";
import type { CommandError } from "./command-error";
import type { Control, PlainLimits } from "./parameter-form";
import { rangeText } from "./parameter-text";

/** The reason to stand beside a control; undefined when the error is not about it. */
export function refusalOf(control: Control, error: CommandError | null): string | undefined {
  const reason = error?.fields[control.path];
  if (error === null || reason === undefined) return undefined;
  const rejected = error.details.find(
    ({ type, value }) => type === ParameterRejectedSchema.typeName && value.parameter === control.path,
  );
  const range = (rejected?.value.limits as PlainLimits | undefined)?.range;
  // The worker speaks in field names and their units; the operator typed in the control's.
  if (error.code !== "OutOfRange" || !range || control.kind !== "number") return reason;
  return `${control.label} can be ${rangeText({ ...control, minimum: range.minimum, maximum: range.maximum })}.`;
}
