/**
 * Messages made of parameters, seen as values by path ("exposure_us", "region_of_interest.x_px"). Works from descriptors, so a new field needs
 * no line here.
 */
import { create, ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { isReflectList, reflect } from "@bufbuild/protobuf/reflect";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";

/** What a control holds: a number (an enum's number too), text, on and off, or several numbers of an enum in their order. */
export type ParameterValue = number | string | boolean | readonly number[];

/** Values by path; an absent path is an absent field. */
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** Values to be asked for, by path; null takes the value away. */
export type ParameterChanges = Readonly<Record<string, ParameterValue | null>>;

/** Whether a field can be one control: a single number, enum, text or boolean, or a list of an enum's values. */
export function isControlField(field: DescField): boolean {
  if (field.fieldKind === "list") return field.listKind === "enum";
  return field.fieldKind === "enum" || (field.fieldKind === "scalar" && field.scalar !== ScalarType.BYTES);
}

/** Whether two values are the same; absent is only absent's. */
export function sameValue(one: ParameterValue | null | undefined, other: ParameterValue | null | undefined): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** The values as they would be with the changes made. */
export function withChanges(values: ParameterValues, changes: ParameterChanges): ParameterValues {
  const after: Record<string, ParameterValue> = { ...values };
  for (const [path, value] of Object.entries(changes)) {
    if (value === null) Reflect.deleteProperty(after, path);
    else after[path] = value;
  }
  return after;
}

/** Whether a field holds 64-bit integers, which protobuf-es keeps as bigint. */
function isBigIntField(field: DescField): boolean {
  if (field.fieldKind !== "scalar") return false;
  const wide = [ScalarType.INT64, ScalarType.UINT64, ScalarType.SINT64, ScalarType.FIXED64, ScalarType.SFIXED64];
  return wide.includes(field.scalar);
}

/** A message's values by field name, zeros of fields without presence too: figures that were computed, rather than settings that may be absent. */
export function readFigures(desc: DescMessage, message: Message): ParameterValues {
  const source = reflect(desc, message);
  return Object.fromEntries(
    source.fields.filter(isControlField).map((field) => [field.name, plainValue(source.get(field))]),
  );
}

/** The values of all fields that are set, nested messages included. */
export function readValues(desc: DescMessage, message: Message): ParameterValues {
  const values: Record<string, ParameterValue> = {};
  collect(reflect(desc, message), "", values);
  return values;
}

function collect(source: ReflectMessage, prefix: string, values: Record<string, ParameterValue>): void {
  for (const field of source.fields) {
    if (!source.isSet(field)) continue;
    const path = prefix + field.name;
    if (field.fieldKind === "message") collect(source.get(field), `${path}.`, values);
    else if (isControlField(field)) {
      values[path] = plainValue(source.get(field));
    }
  }
}

function plainValue(value: unknown): ParameterValue {
  if (typeof value === "bigint") return Number(value);
  return isReflectList(value) ? ([...value] as number[]) : (value as ParameterValue);
}

/**
 * A message with just these values set.
 *
 * @throws Error when the schema has no such path: a mistake of the program, never of the operator.
 */
export function buildMessage<Desc extends DescMessage>(desc: Desc, values: ParameterValues) {
  const message = create(desc);
  for (const [path, value] of Object.entries(values)) setPath(reflect(desc, message), path, value);
  return message;
}

function setPath(target: ReflectMessage, path: string, value: ParameterValue): void {
  const dot = path.indexOf(".");
  const name = dot < 0 ? path : path.slice(0, dot);
  const field = target.fields.find((candidate) => candidate.name === name);
  if (!field) throw new Error(`${target.desc.typeName} has no field ${name}`);
  if (dot < 0) {
    if (!isControlField(field)) throw new Error(`${target.desc.typeName}.${name} is not a single value`);
    if (field.fieldKind === "list") {
      const list = target.get(field);
      list.clear();
      for (const element of value as readonly number[]) list.add(element);
    } else target.set(field, isBigIntField(field) ? BigInt(value as number) : value);
    return;
  }
  if (field.fieldKind !== "message") throw new Error(`${target.desc.typeName}.${name} has no fields of its own`);
  const nested = target.get(field);
  setPath(nested, path.slice(dot + 1), value);
  target.set(field, nested);
}
