import { getOption, hasOption, isFieldSet } from "@bufbuild/protobuf";
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { field as fieldOption, FieldRulesSchema } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

type Values = Readonly<Record<string, unknown>>;

/** What is wrong with a value, in words; undefined when nothing is. */
type Rule = (value: unknown) => string | undefined;

interface FieldCheck {
  readonly field: DescField;
  readonly rule: Rule;
}

const compiled = new WeakMap<DescMessage, readonly FieldCheck[]>();

/**
 * What breaks the rules that the schema sets for the protocol's own envelopes, as a sentence; undefined when nothing does. The rules are those that
 * protovalidate reads, of which only the few kinds are known that stand there: all of it is too large for a window.
 *
 * @throws Error when the schema has a rule of another kind.
 */
export function brokenRule(desc: DescMessage, message: Message): string | undefined {
  let checks = compiled.get(desc);
  if (checks === undefined) {
    checks = desc.fields.flatMap((field) => rulesOf(field).map((rule) => ({ field, rule })));
    compiled.set(desc, checks);
  }
  for (const { field, rule } of checks) {
    const fault = rule((message as unknown as Values)[field.localName]);
    if (fault !== undefined) {
      return `The ${field.name} of ${desc.name} ${fault}.`;
    }
  }
  return undefined;
}

function rulesOf(field: DescField): Rule[] {
  if (!hasOption(field, fieldOption)) {
    return [];
  }
  const rules = getOption(field, fieldOption);
  const found: Rule[] = [];
  for (const kind of FieldRulesSchema.fields.filter((each) => isFieldSet(rules, each))) {
    if (kind.fieldKind !== "message" || rules.type.value === undefined) {
      throw unknownRule(field, kind.name);
    }
    const values = rules.type.value;
    for (const one of kind.message.fields.filter((each) => isFieldSet(values, each))) {
      found.push(ruleOf(field, `${kind.name}.${one.name}`, valueOf(values, one)));
    }
  }
  return found;
}

/** The value of a rule's field, which may stand in a oneof. */
function valueOf(rules: Values, field: DescField): unknown {
  return field.oneof === undefined
    ? rules[field.localName]
    : (rules[field.oneof.localName] as { readonly value: unknown }).value;
}

function ruleOf(field: DescField, name: string, wanted: unknown): Rule {
  const limit = Number(wanted);
  switch (name) {
    case "string.pattern": {
      const pattern = new RegExp(String(wanted), "u");
      return (value) => (pattern.test(String(value)) ? undefined : `does not match ${pattern.source}`);
    }
    case "string.min_len":
      return (value) => (hasCharacters(value, limit) ? undefined : `has fewer than ${limit} characters`);
    case "string.max_len":
      return (value) => (hasCharacters(value, limit + 1) ? `has more than ${limit} characters` : undefined);
    case "uint32.gt":
      return (value) => (Number(value) > limit ? undefined : `must be greater than ${limit}`);
    case "enum.defined_only": {
      const known = new Set(field.enum?.values.map(({ number }) => number));
      return (value) => (known.has(Number(value)) ? undefined : `is ${String(value)}, which is not defined`);
    }
    case "map.max_pairs":
      return (value) => (Object.keys(value as object).length > limit ? `has more than ${limit} pairs` : undefined);
    default:
      throw unknownRule(field, name);
  }
}

/** Whether a text has at least so many characters, as the schema counts them: not UTF-16 units, of which a character has one or two. */
function hasCharacters(value: unknown, count: number): boolean {
  const text = String(value);
  return text.length >= 2 * count || (text.length >= count && Array.from(text).length >= count);
}

function unknownRule(field: DescField, rule: string): Error {
  return new Error(`${field.toString()} has a rule of a kind that this program does not know: ${rule}`);
}
