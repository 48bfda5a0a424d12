/** The type of a field, with links to what it is made of. */
import { type DescEnum, type DescExtension, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { code } from "./markdown.ts";

/** Knows on which page a type is described. */
export class Links {
  readonly #pages: ReadonlyMap<string, string>;
  readonly #here: string;

  /**
   * @param pages - file names of the pages, by package
   * @param here - the package whose page is written
   */
  constructor(pages: ReadonlyMap<string, string>, here: string) {
    this.#pages = pages;
    this.#here = here;
  }

  /** A type's name, as a link where the reference describes it. */
  to(desc: DescMessage | DescEnum): string {
    const packageName = desc.file.proto.package;
    const name = desc.typeName.slice(packageName.length + 1);
    const page = this.#pages.get(packageName);
    if (page === undefined) return code(desc.typeName);
    // As GitHub makes anchors of headings.
    const anchor = name.toLowerCase().replaceAll(".", "");
    return `[${name}](${packageName === this.#here ? "" : page}#${anchor})`;
  }
}

/** Such as "optional double", "repeated CameraDescription" or "map of string to string". */
export function fieldType(field: DescField | DescExtension, links: Links): string {
  const single = (of: {
    scalar?: ScalarType | undefined;
    message?: DescMessage | undefined;
    enum?: DescEnum | undefined;
  }) => {
    const type = of.message ?? of.enum;
    return type === undefined ? ScalarType[of.scalar ?? ScalarType.STRING].toLowerCase() : links.to(type);
  };
  if (field.fieldKind === "map") return `map of ${ScalarType[field.mapKey].toLowerCase()} to ${single(field)}`;
  if (field.fieldKind === "list") return `repeated ${single(field)}`;
  return `${field.proto.proto3Optional ? "optional " : ""}${single(field)}`;
}
