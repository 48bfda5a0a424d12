/** What the configuration's owner says of a field, in the words and units of its control. */
import { FixedDuringRunSchema, StaleRevisionSchema } from "../../gen/ts/macroscope/configuration/v1/errors_pb";
import type { StaleRevision } from "../../gen/ts/macroscope/configuration/v1/errors_pb";
import { InvalidFieldsSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import type { InvalidFields } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import type { CommandError } from "./command-error";
import type { Plain } from "./from-proto";
import type { Control } from "./parameter-form";
import { rangeText } from "./parameter-text";

/** Rules that a control's range says in full: both its ends belong to it. */
const RANGE_RULE = /^(float|double|s?fixed(32|64)|[su]?int(32|64))\.(gte|lte|gte_lte)$/;

/** A broken rule as the sentence to stand beside the field. Rules about a range read as they do when the window finds them broken by itself. */
export function ruleSentence(control: Control, message: string, ruleId = ""): string {
  if (control.kind === "number" && RANGE_RULE.test(ruleId)) return `${control.label} can be ${rangeText(control)}.`;
  // Rules of the schema go on where the label ends ("must be …"); other reasons are sentences of their own.
  const sentence = /^[a-z]/.test(message) ? `${control.label} ${message}` : message;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** The reasons beside fields of the configuration, by path, that a refused command was given. */
export function configurationReasons(
  error: CommandError | null,
  controls: ReadonlyMap<string, Control>,
): Readonly<Record<string, string>> {
  if (!error) return {};
  const rules = new Map(
    detailsOf<InvalidFields>(error, InvalidFieldsSchema.typeName).flatMap(({ violations }) =>
      violations.map(({ field, rule }) => [pathOf(field), rule] as const),
    ),
  );
  const reasons = Object.entries(error.fields).map(([field, message]) => {
    const path = pathOf(field);
    const control = controls.get(path);
    return [path, control ? ruleSentence(control, message, rules.get(path)) : message] as const;
  });
  const fixed = detailsOf<{ paths: string[] }>(error, FixedDuringRunSchema.typeName).flatMap(({ paths }) =>
    paths.map((path) => [path, "A run goes on and holds it fixed until it has ended."] as const),
  );
  return Object.fromEntries([...reasons, ...fixed]);
}

/** What a command that was made on an old revision was told; undefined for any other error. */
export function staleRevision(error: CommandError | null): Plain<StaleRevision> | undefined {
  return error ? detailsOf<StaleRevision>(error, StaleRevisionSchema.typeName)[0] : undefined;
}

function detailsOf<Detail>(error: CommandError, type: string): Plain<Detail>[] {
  return error.details.filter((one) => one.type === type).map(({ value }) => value as Plain<Detail>);
}

/** Requests carry the configuration in a field; forms know its fields by their path in it. */
function pathOf(field: string): string {
  return field.replace(/^configuration\./, "");
}
