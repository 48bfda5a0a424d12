/**
 * A protobuf plugin for `buf generate`: writes the reference of the schema, a page of Markdown for each package and an index.
 *
 * A plugin gets descriptors with their comments, in the same run that generates the code, so pages and code cannot disagree, and what finds drift of one finds
 * drift of the other.
 */
import { readFileSync } from "node:fs";
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponse_Feature,
  CodeGeneratorResponseSchema,
  Edition,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { Links } from "./schema-reference/field-type.ts";
import { indexPage } from "./schema-reference/index-page.ts";
import { Options } from "./schema-reference/options.ts";
import { type Package, packagePage } from "./schema-reference/page.ts";

const request = fromBinary(CodeGeneratorRequestSchema, readFileSync(0));
const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: request.protoFile }));
const options = new Options(registry);

const byPackage = Map.groupBy(
  [...registry.files].filter((file) => request.fileToGenerate.includes(file.proto.name)),
  (file) => file.proto.package,
);
const packages: Package[] = [...byPackage]
  .map(([name, files]) => ({ name, files: files.toSorted((a, b) => (a.proto.name < b.proto.name ? -1 : 1)) }))
  .toSorted((a, b) => (a.name < b.name ? -1 : 1));

const pageOf = (name: string): string => `${name.replace(/^macroscope\./, "")}.md`;
const pages = new Map(packages.map(({ name }) => [name, pageOf(name)]));

const response = create(CodeGeneratorResponseSchema, {
  supportedFeatures: BigInt(
    CodeGeneratorResponse_Feature.PROTO3_OPTIONAL | CodeGeneratorResponse_Feature.SUPPORTS_EDITIONS,
  ),
  minimumEdition: Edition.EDITION_PROTO2,
  maximumEdition: Edition.EDITION_2024,
  file: [
    { name: "README.md", content: indexPage(packages, pages) },
    ...packages.map((one) => ({
      name: pageOf(one.name),
      content: packagePage(`../../../proto/${one.name.replaceAll(".", "/")}`, one, options, new Links(pages, one.name)),
    })),
  ],
});
process.stdout.write(toBinary(CodeGeneratorResponseSchema, response));
