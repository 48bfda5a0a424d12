/** The validation rules of a field, in words. */
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { code } from "./markdown.ts";
import { isObject } from "./options.ts";

/** What an enum's rules may name: its values by their numbers. */
export type ValueNames = ReadonlyMap<number, string>;

/**
 * Puts `buf.validate.FieldRules` into words, one entry a rule. A rule without words of its own is told as it is written, so none is ever missing.
 *
 * @param rules - the option in its JSON form, with the names of the schema
 * @param names - names of the values, where the field is an enum
 */
export function rulesInWords(rules: JsonObject | undefined, names: ValueNames = new Map()): string[] {
  return Object.entries(rules ?? {}).flatMap(([name, value]) => {
    if (name === "required") return value === true ? ["required"] : [];
    if (name === "cel") return celInWords(value);
    if (name === "cel_expression") return listOf(value).map((expression) => code(written(expression)));
    if (isObject(value)) return rulesOfType(name, value, names);
    return [asWritten(name, value)];
  });
}

/** Puts the rules of `buf.validate.MessageRules` or of a oneof into words. */
export const wholeInWords = (rules: JsonObject | undefined): string[] =>
  Object.entries(rules ?? {}).flatMap(([name, value]) =>
    name === "cel" ? celInWords(value) : [asWritten(name, value)],
  );

function celInWords(value: JsonValue): string[] {
  return listOf(value).map((rule) => {
    if (!isObject(rule)) return asWritten("cel", rule);
    const { message, expression } = rule;
    return typeof message === "string" && message !== "" ? message : code(written(expression ?? ""));
  });
}

const unitOfLength: Readonly<Record<string, string>> = {
  string: "characters",
  bytes: "bytes",
  repeated: "items",
  map: "entries",
};

function rulesOfType(type: string, rules: JsonObject, names: ValueNames): string[] {
  const rest = new Map(Object.entries(rules));
  const take = (name: string): JsonValue | undefined => {
    const value = rest.get(name);
    rest.delete(name);
    return value;
  };
  const number = (name: string): string | undefined => {
    const value = take(name);
    return value === undefined ? undefined : digits(value);
  };
  const found: (string | undefined)[] = [];

  const [above, least, below, most] = [number("gt"), number("gte"), number("lt"), number("lte")];
  found.push(rangeInWords({ above, least, below, most }));

  const unit = unitOfLength[type] ?? "";
  const exactly = number("len");
  if (exactly !== undefined) found.push(`exactly ${exactly} ${unit}`);
  const [fewestLength, mostLength] = [number(shortest(type)), number(longest(type))];
  const length = rangeInWords({ least: fewestLength, most: mostLength });
  if (length !== undefined) found.push(`${length} ${unit}`);
  const bytes = rangeInWords({ least: number("min_bytes"), most: number("max_bytes") });
  if (bytes !== undefined) found.push(`${bytes} bytes`);

  const pattern = take("pattern");
  if (pattern !== undefined) found.push(`matches ${code(written(pattern))}`);
  const constant = take("const");
  if (constant !== undefined) found.push(`is ${valueName(constant, names)}`);
  const choices = take("in");
  if (choices !== undefined) found.push(`one of ${choicesOf(choices, names)}`);
  const others = take("not_in");
  if (others !== undefined) found.push(`not ${choicesOf(others, names)}`);
  if (take("finite") === true) found.push("finite");
  if (take("defined_only") === true) found.push("a value of the enum");
  if (take("unique") === true) found.push("no item twice");
  for (const [part, word] of [
    ["items", "each"],
    ["keys", "each key"],
    ["values", "each value"],
  ] as const) {
    const inner = take(part);
    if (isObject(inner)) found.push(`${word}: ${rulesInWords(inner, names).join(", ")}`);
  }
  // Formats such as `uuid: true` read well as they are.
  for (const [name, value] of rest) found.push(value === true ? name.replaceAll("_", " ") : asWritten(name, value));
  return found.filter((words) => words !== undefined);
}

const shortest = (type: string): string => ({ repeated: "min_items", map: "min_pairs" })[type] ?? "min_len";
const longest = (type: string): string => ({ repeated: "max_items", map: "max_pairs" })[type] ?? "max_len";

interface Range {
  readonly above?: string | undefined;
  readonly least?: string | undefined;
  readonly below?: string | undefined;
  readonly most?: string | undefined;
}

function rangeInWords({ above, least, below, most }: Range): string | undefined {
  if (least !== undefined && most !== undefined) return least === most ? `exactly ${least}` : `${least} to ${most}`;
  const words = [
    above === undefined ? "" : `more than ${above}`,
    least === undefined ? "" : `at least ${least}`,
    below === undefined ? "" : `less than ${below}`,
    most === undefined ? "" : `at most ${most}`,
  ].filter(Boolean);
  return words.length === 0 ? undefined : words.join(", ");
}

const valueName = (value: JsonValue, names: ValueNames): string => code(names.get(Number(value)) ?? written(value));
const choicesOf = (values: JsonValue, names: ValueNames): string =>
  listOf(values)
    .map((value) => valueName(value, names))
    .join(", ");

const listOf = (value: JsonValue): JsonValue[] => (Array.isArray(value) ? value : [value]);
const written = (value: JsonValue): string => (typeof value === "string" ? value : JSON.stringify(value));
const asWritten = (name: string, value: JsonValue): string => code(`${name}: ${written(value)}`);

/** A number with its digits in groups, so that it can be read. */
function digits(value: JsonValue): string {
  const text = written(value);
  return /^-?\d{5,}$/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, " ") : text;
}
