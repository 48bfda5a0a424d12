/** What a field's validation rules in the schema say that a control can use. */
import { getOption, hasOption, ScalarType } from "@bufbuild/protobuf";
import type { DescField } from "@bufbuild/protobuf";
import { field as fieldRules } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import type { FieldRules } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

/** Absent where the schema has no such rule. */
export interface SchemaRules {
  /** Smallest allowed value; for a rule "greater than", that bound itself. */
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** Values that are not allowed, such as the zero of an enum. */
  readonly excluded: readonly number[];
  readonly pattern: string | undefined;
  readonly maxLength: number | undefined;
  /** How many values a list has at least and at most. */
  readonly minItems: number | undefined;
  readonly maxItems: number | undefined;
}

const NONE: SchemaRules = {
  minimum: undefined,
  maximum: undefined,
  excluded: [],
  pattern: undefined,
  maxLength: undefined,
  minItems: undefined,
  maxItems: undefined,
};

const UNSIGNED: readonly ScalarType[] = [ScalarType.UINT32, ScalarType.UINT64, ScalarType.FIXED32, ScalarType.FIXED64];

/** The rules of a field, in the field's own unit; that a count is not below 0 is said by its type. */
export function schemaRules(field: DescField): SchemaRules {
  const rules = hasOption(field, fieldRules) ? readRules(getOption(field, fieldRules)) : NONE;
  const counts = field.fieldKind === "scalar" && UNSIGNED.includes(field.scalar);
  return counts ? { ...rules, minimum: rules.minimum ?? 0 } : rules;
}

function readRules({ type }: FieldRules): SchemaRules {
  switch (type.case) {
    case "float":
    case "double":
    case "int32":
    case "int64":
    case "uint32":
    case "uint64":
    case "sint32":
    case "sint64":
    case "fixed32":
    case "fixed64":
    case "sfixed32":
    case "sfixed64":
      return {
        ...NONE,
        minimum: bound(type.value.greaterThan.value),
        maximum: bound(type.value.lessThan.value),
        excluded: type.value.notIn.map(Number),
      };
    case "enum":
      return { ...NONE, excluded: type.value.notIn };
    case "string":
      return {
        ...NONE,
        pattern: type.value.pattern || undefined,
        maxLength: type.value.maxLen > 0n ? Number(type.value.maxLen) : undefined,
      };
    case "repeated":
      return {
        ...(type.value.items ? readRules(type.value.items) : NONE),
        minItems: type.value.minItems > 0n ? Number(type.value.minItems) : undefined,
        maxItems: type.value.maxItems > 0n ? Number(type.value.maxItems) : undefined,
      };
    default:
      return NONE;
  }
}

function bound(value: number | bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
