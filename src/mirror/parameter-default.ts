/** What a field is until somebody sets it, and what it stands for when it is empty: both as its schema says. */
import { fromJson, getOption } from "@bufbuild/protobuf";
import type { DescField, JsonValue } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { parameter as parameterOption } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { readValues } from "./parameter-values";
import type { ParameterValue } from "./parameter-values";

/** What an empty field means that says nothing about it. */
const NOT_SET = "not set";

/**
 * The default of the field's `parameter` option; undefined when it has none.
 *
 * @throws Error when the option's JSON is not a value of the field: a mistake of the schema.
 */
export function schemaDefault(field: DescField): ParameterValue | undefined {
  const { defaultJson } = getOption(field, parameterOption);
  if (defaultJson === "") return undefined;
  const value = JSON.parse(defaultJson) as JsonValue;
  return readValues(field.parent, fromJson(field.parent, { [field.name]: value }))[field.name];
}

/**
 * What no value means, read from the end of the field's help ("Empty: outside the screen."); undefined when the field has to have a value, because
 * it has a default or cannot be absent.
 */
export function emptyMeaning(field: DescField): string | undefined {
  const { defaultJson, help } = getOption(field, parameterOption);
  const saidSo = /(?:^|[.;] )Empty: (.+?)\.?$/.exec(help)?.[1];
  // A text may always be empty, as far as its rules let it.
  if (defaultJson === '""') return saidSo;
  if (field.presence !== FeatureSet_FieldPresence.EXPLICIT || defaultJson !== "") return undefined;
  return saidSo ?? NOT_SET;
}
