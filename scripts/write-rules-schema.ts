/**
 * Writes buf/validate/validate.proto, the schema of the validation rules, to .cache/protovalidate, for buf to read.
 *
 * The usual way is a dependency on Buf's schema registry, which closed networks do not reach. The installed runtime carries the same schema as
 * a descriptor, so it is printed from there: the rules that buf reads are those that the runtime checks. Options and comments are left
 * out; neither buf nor the plugins need them.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

const out = join(dirname(fileURLToPath(import.meta.url)), "../.cache/protovalidate/buf/validate/validate.proto");

const file = file_buf_validate_validate.proto;

const indent = (lines: string[]): string[] => lines.map((line) => `  ${line}`);

function printField(field: FieldDescriptorProto, inOneof: boolean): string {
  const type = field.typeName || Type[field.type].toLowerCase();
  const label = inOneof ? "" : `${Label[field.label].toLowerCase()} `;
  const settings: string[] = [];
  if (field.defaultValue) settings.push(`default = ${field.defaultValue}`);
  return `${label}${type} ${field.name} = ${field.number}${settings.length > 0 ? ` [${settings.join(", ")}]` : ""};`;
}

function printEnum(desc: EnumDescriptorProto): string[] {
  return [`enum ${desc.name} {`, ...indent(desc.value.map((value) => `${value.name} = ${value.number};`)), "}"];
}

function mapField(message: DescriptorProto, field: FieldDescriptorProto): string | undefined {
  const entry = message.nestedType.find(
    (nested) => nested.options?.mapEntry && field.typeName.endsWith(`.${message.name}.${nested.name}`),
  );
  if (!entry) return undefined;
  const [key, value] = entry.field as [FieldDescriptorProto, FieldDescriptorProto];
  const name = (f: FieldDescriptorProto) => f.typeName || Type[f.type].toLowerCase();
  return `map<${name(key)}, ${name(value)}> ${field.name} = ${field.number};`;
}

function printMessage(message: DescriptorProto): string[] {
  const lines: string[] = [];
  message.nestedType
    .filter((nested) => !nested.options?.mapEntry)
    .forEach((nested) => lines.push(...printMessage(nested)));
  message.enumType.forEach((nested) => lines.push(...printEnum(nested)));
  message.field
    .filter((field) => !Object.hasOwn(field, "oneofIndex"))
    .forEach((field) => lines.push(mapField(message, field) ?? printField(field, false)));
  message.oneofDecl.forEach((oneof, index) => {
    const fields = message.field.filter((field) => Object.hasOwn(field, "oneofIndex") && field.oneofIndex === index);
    lines.push(`oneof ${oneof.name} {`, ...indent(fields.map((field) => printField(field, true))), "}");
  });
  message.extensionRange.forEach((range) => {
    const end = range.end > 536_870_911 ? "max" : String(range.end - 1);
    lines.push(`extensions ${range.start} to ${end};`);
  });
  return [`message ${message.name} {`, ...indent(lines), "}"];
}

const lines = [
  "// Printed from the descriptor of the installed @bufbuild/protovalidate. Do not edit.",
  `syntax = "${file.syntax || "proto2"}";`,
  `package ${file.package};`,
  ...file.dependency.map((name) => `import "${name}";`),
  ...file.messageType.flatMap(printMessage),
  ...file.enumType.flatMap(printEnum),
  ...file.extension.flatMap((field) => [`extend ${field.extendee} {`, ...indent([printField(field, false)]), "}"]),
  "",
].join("\n");

// An unchanged file keeps its time, so that nothing downstream is made again.
const old = await readFile(out, "utf8").catch(() => "");
if (old !== lines) {
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, lines);
}
