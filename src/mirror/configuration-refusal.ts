/** What the configuration's owner says of a field, in the words and units of its control. */
import { StaleRevisionSchema } from "../../gen/ts/macroscope/configuration/v1/errors_pb";
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
  const violations = detailsOf<InvalidFields>(error, InvalidFieldsSchema.typeName).flatMap((one) => one.violations);
  const ruleOf = (path: string) =>
    violations.find(({ field }) => field === path || field === `configuration.${path}`)?.rule;
  return Object.fromEntries(
    Object.entries(error.fields).map(([path, message]) => {
      const control = controls.get(path);
      return [path, control ? ruleSentence(control, message, ruleOf(path)) : message];
    }),
  );
}

/** What a command that was made on an old revision was told; undefined for any other error. */
export function staleRevision(error: CommandError | null): Plain<StaleRevision> | undefined {
  return error ? detailsOf<StaleRevision>(error, StaleRevisionSchema.typeName)[0] : undefined;
}

function detailsOf<Detail>(error: CommandError, type: string): Plain<Detail>[] {
  return error.details.filter((one) => one.type === type).map(({ value }) => value as Plain<Detail>);
}
