/** The forms of a configuration, one a group, from its own descriptor: a group or field that the schema gets tomorrow is one more here. */
import { getOption, hasOption } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import { ConfigurationSchema } from "../../gen/ts/macroscope/configuration/v1/settings_pb";
import { parameter as parameterOption } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { allControls, parameterForm } from "./parameter-form";
import type { Control, ControlGroup } from "./parameter-form";
import type { ParameterValues } from "./parameter-values";

/** One group of settings, such as the stimulus. */
export interface ConfigurationGroup {
  /** Its field in Configuration, which its paths start with. */
  readonly name: string;
  readonly label: string;
  readonly groups: readonly ControlGroup[];
}

/** The groups of a configuration with these values; another descriptor than the contract's own only in tests. */
export function configurationForm(
  values: ParameterValues,
  desc: DescMessage = ConfigurationSchema,
): readonly ConfigurationGroup[] {
  return desc.fields.flatMap((field) => {
    if (field.fieldKind !== "message" || !hasOption(field, parameterOption)) return [];
    const groups = parameterForm(field.message, { values, prefix: `${field.name}.` });
    return [{ name: field.name, label: getOption(field, parameterOption).label || field.name, groups }];
  });
}

/** All controls of a configuration, by path. */
export function configurationControls(values: ParameterValues, desc?: DescMessage): ReadonlyMap<string, Control> {
  const controls = configurationForm(values, desc).flatMap(({ groups }) => allControls(groups));
  return new Map(controls.map((control) => [control.path, control]));
}
