/** The reference of one package as a page of Markdown. */
import path from "node:path";
import type {
  DescEnum,
  DescExtension,
  DescField,
  DescFile,
  DescMessage,
  DescMethod,
  DescService,
} from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import { commentOf, commentOfFile } from "./comments.ts";
import { fieldType, type Links } from "./field-type.ts";
import { code, inCell, prose, table } from "./markdown.ts";
import { isObject, isSet, numberIn, type Options, textIn } from "./options.ts";
import { rulesInWords, type ValueNames, wholeInWords } from "./rule-words.ts";

/** A package of the schema and its files. */
export interface Package {
  readonly name: string;
  readonly files: readonly DescFile[];
}

/** Says at the top of each page where it comes from. */
export const generatedNote =
  "<!-- Generated from proto/ by `npm run generate`. Do not edit: change the comments of the schema. -->";

/**
 * The page of a package: services, messages, enums and options, in the order of the schema.
 *
 * @param source - where the package's folder is, as a link from the page
 */
export function packagePage(source: string, { name, files }: Package, options: Options, links: Links): string {
  const write = new PageWriter(options, links);
  const services = files.flatMap((file) => file.services);
  const messages = files.flatMap((file) => file.messages).flatMap(withNested);
  const enums = [...files.flatMap((file) => file.enums), ...messages.flatMap((message) => message.nestedEnums)];
  const lines = [
    generatedNote,
    "",
    `# ${name}`,
    "",
    `Written in [${source.replace(/^[./]*/, "")}](${source}). [All packages](README.md)`,
    "",
    ...files.flatMap((file) => prose(introduction(file))),
    ...files.flatMap((file) => write.fileOptions(file)),
    ...services.flatMap((service) => write.service(service)),
    ...heading("Messages", messages),
    ...messages.flatMap((message) => write.message(message)),
    ...heading("Enums", enums),
    ...enums.flatMap((desc) => write.enumeration(desc)),
    ...write.extensions(files.flatMap((file) => file.extensions)),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

/** The comment of a file, behind the file's name where it is told apart from others by it. */
function introduction(file: DescFile): string[] {
  const [first = "", ...rest] = commentOfFile(file);
  return [`${code(path.posix.basename(file.proto.name))}: ${first}`, ...rest];
}

const heading = (title: string, members: readonly unknown[]): string[] =>
  members.length > 0 ? [`## ${title}`, ""] : [];

const withNested = (message: DescMessage): DescMessage[] => [message, ...message.nestedMessages.flatMap(withNested)];

/** A message's name within its package. */
const localName = (desc: DescMessage | DescEnum): string => desc.typeName.slice(desc.file.proto.package.length + 1);

/** `LANE_STOP` as `stop`: what stands behind the name of its enum. */
const shortValue = (value: string, prefix: string): string =>
  (value.startsWith(prefix) ? value.slice(prefix.length) : value).toLowerCase().replaceAll("_", "-");

const repeatable: Readonly<Record<Idempotency, string>> = {
  [Idempotency.IDEMPOTENCY_UNKNOWN]: "no",
  [Idempotency.IDEMPOTENT]: "yes",
  [Idempotency.NO_SIDE_EFFECTS]: "yes, changes nothing",
};

class PageWriter {
  readonly #options: Options;
  readonly #links: Links;

  constructor(options: Options, links: Links) {
    this.#options = options;
    this.#links = links;
  }

  service(service: DescService): string[] {
    return [
      `## ${service.name}`,
      "",
      ...prose(commentOf(service)),
      ...table(
        ["method", "kind", "lane", "delivery", "needed role", "deadline", "may be repeated"],
        service.methods.map((method) => this.#policyOf(method)),
      ),
      ...service.methods.flatMap((method) => this.#method(method)),
    ];
  }

  #policyOf(method: DescMethod): string[] {
    const policy = this.#options.message(method, "macroscope.rpc.v1.policy");
    const deadlineMs = numberIn(policy, "default_deadline_ms");
    return [
      `[${method.name}](#${method.parent.name.toLowerCase()}${method.name.toLowerCase()})`,
      method.methodKind.replaceAll("_", " "),
      shortValue(textIn(policy, "lane"), "LANE_"),
      shortValue(textIn(policy, "delivery"), "DELIVERY_"),
      shortValue(textIn(policy, "needed_role"), "ROLE_"),
      deadlineMs === 0 ? "none" : `${deadlineMs / 1000} s`,
      repeatable[method.idempotency],
    ];
  }

  #method(method: DescMethod): string[] {
    const answer = method.methodKind === "server_streaming" ? "a stream of " : "";
    return [
      `### ${method.parent.name}.${method.name}`,
      "",
      `${this.#links.to(method.input)} → ${answer}${this.#links.to(method.output)}`,
      "",
      ...prose(commentOf(method)),
    ];
  }

  message(message: DescMessage): string[] {
    const rules = wholeInWords(this.#options.message(message, "buf.validate.message"));
    const choices = message.oneofs.flatMap((oneof) => {
      const required = isSet(this.#options.message(oneof, "buf.validate.oneof"), "required");
      const members = oneof.fields.map((field) => code(field.name)).join(", ");
      return [`${required ? "Exactly" : "At most"} one of ${members}.`, "", ...prose(commentOf(oneof))];
    });
    return [
      `### ${localName(message)}`,
      "",
      ...prose(commentOf(message)),
      ...(message.fields.length === 0 ? ["No fields.", ""] : []),
      ...choices,
      ...rules.flatMap((rule) => [rule, ""]),
      ...table(
        ["field", "number", "type", "unit", "label", "rules", "meaning"],
        message.fields.map((field) => this.#field(field)),
      ),
    ];
  }

  #field(field: DescField): string[] {
    const parameter = this.#options.message(field, "macroscope.rpc.v1.parameter");
    const rules = rulesInWords(this.#options.message(field, "buf.validate.field"), valueNames(field));
    const notes = [
      inCell(commentOf(field)),
      textIn(parameter, "help"),
      this.#options.flag(field, "macroscope.rpc.v1.tail") ? "Travels as the frame's tail." : "",
      this.#options.flag(field, "macroscope.rpc.v1.revision") ? "Counted for each receiver." : "",
    ];
    return [
      code(field.name),
      String(field.number),
      fieldType(field, this.#links),
      textIn(parameter, "unit"),
      textIn(parameter, "label"),
      rules.join(", "),
      notes.filter(Boolean).join(" "),
    ];
  }

  enumeration(desc: DescEnum): string[] {
    return [
      `### ${localName(desc)}`,
      "",
      ...prose(commentOf(desc)),
      ...table(
        ["value", "number", "meaning"],
        desc.values.map((value) => [code(value.name), String(value.number), inCell(commentOf(value))]),
      ),
    ];
  }

  extensions(extensions: readonly DescExtension[]): string[] {
    return [
      ...heading("Options", extensions),
      ...table(
        ["option", "number", "of", "type", "meaning"],
        extensions.map((extension) => [
          code(extension.typeName),
          String(extension.number),
          extension.extendee.name.replace("Options", "s").toLowerCase(),
          fieldType(extension, this.#links),
          inCell(commentOf(extension)),
        ]),
      ),
    ];
  }

  /** The numbers that a file sets for itself, such as the protocol's, each with what its field means. */
  fileOptions(file: DescFile): string[] {
    const name = "macroscope.rpc.v1.protocol";
    const numbers = this.#options.message(file, name);
    const fields = this.#options.fieldsOf(name);
    if (!isObject(numbers)) return [];
    return [
      "## Numbers",
      "",
      ...table(
        ["number", "value", "meaning"],
        fields
          .filter((field) => numbers[field.name] !== undefined)
          .map((field) => [code(field.name), String(numberIn(numbers, field.name)), inCell(commentOf(field))]),
      ),
    ];
  }
}

/** The names that an enum field's rules speak of. */
function valueNames(field: DescField): ValueNames {
  return new Map((field.enum?.values ?? []).map((value) => [value.number, value.name]));
}
