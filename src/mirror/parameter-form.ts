/**
 * A form from a schema: walks a message's descriptor, its `parameter` options and validation rules, and a camera's own limits, and tells which
 * controls to draw. Nothing here knows a field by name, so a new field of the schema is a new control.
 */
import { getOption, hasOption, ScalarType } from "@bufbuild/protobuf";
import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import { parameter as parameterOption, Slider } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import type { Parameter } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import type { ParameterLimits } from "../../gen/ts/macroscope/camera/v1/settings_pb";
import type { Plain } from "./from-proto";
import { emptyMeaning, schemaDefault } from "./parameter-default";
import { isControlField } from "./parameter-values";
import type { ParameterValue, ParameterValues } from "./parameter-values";
import { schemaRules } from "./schema-rules";

/** One value that may be chosen. */
export interface Choice {
  readonly value: number;
  readonly label: string;
}

/** One control. Numbers are in the field's own unit; what is shown is value × factor, in `unit`. */
export interface Control {
  readonly path: string;
  readonly label: string;
  /** The unit it is shown and typed in; empty for a plain number. */
  readonly unit: string;
  readonly help: string;
  /** "choices": several of them, in an order. */
  readonly kind: "number" | "choice" | "choices" | "switch" | "text";
  readonly factor: number;
  readonly decimals: number;
  readonly integer: boolean;
  readonly slider: "none" | "linear" | "logarithmic";
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** Values are minimum + n × increment; 0 is any value between. */
  readonly increment: number;
  readonly choices: readonly Choice[];
  /** A regular expression that text must match. */
  readonly pattern: string | undefined;
  readonly maxLength: number | undefined;
  /** How many of the choices are taken at least and at most. */
  readonly minItems: number | undefined;
  readonly maxItems: number | undefined;
  /** A text of several lines. */
  readonly multiline: boolean;
  /** Found out by the program: shown, and not typed. */
  readonly detected: boolean;
  readonly changeableInRun: boolean;
  /** What it stands for when there is no value, as far as the schema tells; undefined: it has to have one. */
  readonly emptyMeans: string | undefined;
  /** What it is until somebody sets it; undefined: nothing. */
  readonly defaultValue: ParameterValue | undefined;
  /** False: this camera does not have it. */
  readonly offered: boolean;
  readonly readOnly: boolean;
  /** Why it is read-only, when there is a reason to tell. */
  readonly reason: string;
  readonly fixedWhileRecording: boolean;
  readonly value: ParameterValue | undefined;
}

/** Controls of one nested message: they are applied together. */
export interface ControlSection {
  readonly path: string;
  readonly label: string;
  readonly help: string;
  readonly controls: readonly Control[];
}

/** What stands together under one heading. */
export interface ControlGroup {
  readonly heading: string;
  readonly items: readonly (Control | ControlSection)[];
}

export type PlainLimits = Plain<ParameterLimits>;

/** What a camera, or whoever owns the values, says about them now. */
export interface FormFacts {
  readonly values: ParameterValues;
  /** Absent: the schema's own limits are all there is, and every field is offered. */
  readonly limits?: readonly PlainLimits[];
  /** Stands before every path: "stimulus." of a group of a configuration. */
  readonly prefix?: string;
}

/** Whether an item of a group is a section. */
export function isSection(item: Control | ControlSection): item is ControlSection {
  return "controls" in item;
}

/** The groups in the order in which the schema first names them. */
export function parameterForm(desc: DescMessage, facts: FormFacts): readonly ControlGroup[] {
  const limits = facts.limits && new Map(facts.limits.map((one) => [one.parameter, one]));
  const prefix = facts.prefix ?? "";
  const groups = new Map<string, (Control | ControlSection)[]>();
  for (const field of desc.fields) {
    if (!hasOption(field, parameterOption)) continue;
    const item = formItem(field, prefix, facts.values, limits);
    if (!item) continue;
    const heading = getOption(field, parameterOption).group;
    const items = groups.get(heading);
    if (items) items.push(item);
    else groups.set(heading, [item]);
  }
  return [...groups].map(([heading, items]) => ({ heading, items }));
}

/** All controls of a form, sections opened. */
export function allControls(groups: readonly ControlGroup[]): readonly Control[] {
  return groups.flatMap((group) => group.items.flatMap((item) => (isSection(item) ? item.controls : [item])));
}

type LimitsByPath = ReadonlyMap<string, PlainLimits> | undefined;

function formItem(
  field: DescField,
  prefix: string,
  values: ParameterValues,
  limits: LimitsByPath,
): Control | ControlSection | undefined {
  const path = prefix + field.name;
  if (field.fieldKind === "message") {
    const option = getOption(field, parameterOption);
    const nested = field.message.fields.filter((one) => hasOption(one, parameterOption) && isControlField(one));
    const controls = nested.map((one) => control(one, `${path}.${one.name}`, values, limits));
    return { path, label: option.label || field.name, help: option.help, controls };
  }
  return isControlField(field) ? control(field, path, values, limits) : undefined;
}

function control(field: DescField, path: string, values: ParameterValues, limits: LimitsByPath): Control {
  const option = getOption(field, parameterOption);
  const rules = schemaRules(field);
  const given = limits?.get(path);
  const value = values[path];
  const choices = choicesOf(field, given, rules.excluded);
  const integer = field.fieldKind === "scalar" && isInteger(field.scalar);
  return {
    path,
    label: option.label || field.name,
    ...shownUnit(option, given),
    help: option.help,
    kind: kindOf(field, choices),
    decimals: integer ? 0 : option.decimals,
    integer,
    slider: sliderOf(option),
    minimum: given?.range?.minimum ?? rules.minimum,
    maximum: given?.range?.maximum ?? rules.maximum,
    increment: given?.range?.increment ?? 0,
    choices,
    pattern: rules.pattern,
    maxLength: rules.maxLength,
    minItems: rules.minItems,
    maxItems: rules.maxItems,
    multiline: option.multiline,
    detected: option.detected,
    changeableInRun: option.changeableInRun,
    // A camera's absent value is one that it does not have, never one that somebody may take away.
    emptyMeans: limits === undefined ? emptyMeaning(field) : undefined,
    defaultValue: schemaDefault(field),
    offered: limits === undefined || given !== undefined || value !== undefined,
    readOnly: given?.readOnly ?? false,
    reason: given?.reason ?? "",
    fixedWhileRecording: given?.fixedWhileRecording ?? false,
    value,
  };
}

/** A camera that names another unit has its values in that unit, so the schema's way of showing them does not hold. */
function shownUnit(option: Parameter, given: PlainLimits | undefined): Pick<Control, "unit" | "factor"> {
  if (given?.unit && given.unit !== option.unit) return { unit: given.unit, factor: 1 };
  return { unit: option.displayUnit || option.unit, factor: option.displayFactor || 1 };
}

function kindOf(field: DescField, choices: readonly Choice[]): Control["kind"] {
  if (field.fieldKind === "list") return "choices";
  if (choices.length > 0 || field.fieldKind === "enum") return "choice";
  if (field.fieldKind === "scalar" && field.scalar === ScalarType.BOOL) return "switch";
  if (field.fieldKind === "scalar" && field.scalar === ScalarType.STRING) return "text";
  return "number";
}

function choicesOf(field: DescField, given: PlainLimits | undefined, excluded: readonly number[]): readonly Choice[] {
  const desc = enumOf(field);
  if (desc) {
    const known = desc.values.filter((one) => !excluded.includes(one.number));
    const numbers = given && given.choices.length > 0 ? given.choices : known.map((one) => one.number);
    return numbers.map((value) => ({ value, label: enumLabel(desc, value) }));
  }
  return (given?.choices ?? []).map((value) => ({ value, label: String(value) }));
}

/** The enum that a field, or a list of them, takes its values from. */
function enumOf(field: DescField): DescEnum | undefined {
  if (field.fieldKind === "enum") return field.enum;
  return field.fieldKind === "list" && field.listKind === "enum" ? field.enum : undefined;
}

/** "PIXEL_FORMAT_MONO12" of PixelFormat reads "Mono12". */
export function enumLabel(desc: DescEnum, value: number): string {
  const name = desc.value[value]?.name;
  if (name === undefined) return String(value);
  const prefix = `${desc.name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toUpperCase()}_`;
  const words = (name.startsWith(prefix) ? name.slice(prefix.length) : name).toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function sliderOf(option: Parameter): Control["slider"] {
  if (option.slider === Slider.LINEAR) return "linear";
  return option.slider === Slider.LOGARITHMIC ? "logarithmic" : "none";
}

function isInteger(scalar: ScalarType): boolean {
  const real = [ScalarType.DOUBLE, ScalarType.FLOAT, ScalarType.STRING, ScalarType.BOOL, ScalarType.BYTES];
  return !real.includes(scalar);
}
