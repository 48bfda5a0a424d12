/** The comments of a schema, which stand apart from its descriptors, under the path of what they belong to. */
import type { AnyDesc, DescFile } from "@bufbuild/protobuf";

type Commented = Exclude<AnyDesc, DescFile>;

// Field numbers in google/protobuf/descriptor.proto, of which paths consist.
const inFile = { message: 4, enum: 5, service: 6, extension: 7 };
const inMessage = { field: 2, message: 3, enum: 4, extension: 6, oneof: 8 };
const packagePath = [2];
const syntaxPath = [12];

/**
 * What is written above a descriptor, one entry a line of the source, or behind it on its line.
 *
 * @param desc - a descriptor of a file that still has its source code info
 */
export function commentOf(desc: Commented): string[] {
  return commentAt("file" in desc ? desc.file : desc.parent.file, pathOf(desc));
}

/** What is written above `package` or, as in most of our files, above that and below `syntax`. */
export function commentOfFile(file: DescFile): string[] {
  return [...commentAt(file, syntaxPath), ...commentAt(file, packagePath)];
}

function commentAt(file: DescFile, path: readonly number[]): string[] {
  const found = file.proto.sourceCodeInfo?.location.find(
    (location) => location.path.length === path.length && location.path.every((part, index) => part === path[index]),
  );
  const text = [found?.leadingComments, found?.trailingComments].find(Boolean) ?? "";
  return text
    .split("\n")
    .map((line) => line.replace(/^ /, "").trimEnd())
    .filter((line, index, lines) => line !== "" || (index > 0 && index < lines.length - 1));
}

function pathOf(desc: Commented): number[] {
  switch (desc.kind) {
    case "service":
      return [inFile.service, desc.file.proto.service.indexOf(desc.proto)];
    case "rpc":
      return [...pathOf(desc.parent), 2, desc.parent.proto.method.indexOf(desc.proto)];
    case "message":
      return desc.parent
        ? [...pathOf(desc.parent), inMessage.message, desc.parent.proto.nestedType.indexOf(desc.proto)]
        : [inFile.message, desc.file.proto.messageType.indexOf(desc.proto)];
    case "field":
      return [...pathOf(desc.parent), inMessage.field, desc.parent.proto.field.indexOf(desc.proto)];
    case "oneof":
      return [...pathOf(desc.parent), inMessage.oneof, desc.parent.proto.oneofDecl.indexOf(desc.proto)];
    case "enum":
      return desc.parent
        ? [...pathOf(desc.parent), inMessage.enum, desc.parent.proto.enumType.indexOf(desc.proto)]
        : [inFile.enum, desc.file.proto.enumType.indexOf(desc.proto)];
    case "enum_value":
      return [...pathOf(desc.parent), 2, desc.parent.proto.value.indexOf(desc.proto)];
    case "extension":
      return desc.parent
        ? [...pathOf(desc.parent), inMessage.extension, desc.parent.proto.extension.indexOf(desc.proto)]
        : [inFile.extension, desc.file.proto.extension.indexOf(desc.proto)];
  }
}
