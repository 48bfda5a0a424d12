import { ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";

const text = new TextEncoder();

/** What a message says, as text that both languages write alike: fields by number, defaults and unknown ones left out. */
export function canonical(desc: DescMessage, message: Message): string {
  const reflected = reflect(desc, message);
  const parts: string[] = [];
  for (const field of [...desc.fields].sort((one, other) => one.number - other.number)) {
    if (!reflected.isSet(field)) {
      continue;
    }
    parts.push(`${field.number}:${valueOf(field, reflected.get(field))}`);
  }
  return `{${parts.join(",")}}`;
}

function valueOf(field: DescField, value: unknown): string {
  switch (field.fieldKind) {
    case "message":
      return canonical(field.message, (value as { message: Message }).message);
    case "enum":
      return String(value);
    case "list":
      return `[${Array.from(value as Iterable<unknown>, (item) => (field.listKind === "message" ? canonical(field.message, (item as { message: Message }).message) : scalar(field.listKind === "scalar" ? field.scalar : ScalarType.INT32, item))).join(",")}]`;
    case "map": {
      const entries = Array.from(
        value as Iterable<[unknown, unknown]>,
        ([key, item]) =>
          `${scalar(field.mapKey, key)}=${scalar(field.mapKind === "scalar" ? field.scalar : ScalarType.INT32, item)}`,
      );
      return `<${entries.sort().join(",")}>`;
    }
    case "scalar":
      return scalar(field.scalar, value);
  }
}

function scalar(type: ScalarType, value: unknown): string {
  switch (type) {
    case ScalarType.STRING:
      return Buffer.from(text.encode(value as string)).toString("hex");
    case ScalarType.BYTES:
      return Buffer.from(value as Uint8Array).toString("hex");
    case ScalarType.BOOL:
      return value === true ? "1" : "0";
    default:
      return String(value);
  }
}
