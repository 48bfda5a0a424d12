/**
 * A protobuf plugin for `buf generate`: writes the digest of the schema for both languages.
 *
 * The digest is SHA-256 over all files of the schema in the order of their names, comments left out, so that it changes when and only when
 * something changes that a peer could notice. Both ends name theirs in Hello.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponse_Feature,
  CodeGeneratorResponseSchema,
  Edition,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

const request = fromBinary(CodeGeneratorRequestSchema, readFileSync(0));
const ours = new Set(request.fileToGenerate);
const digest = createHash("sha256");
for (const file of request.protoFile.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
  if (!ours.has(file.name)) continue;
  const bytes = toBinary(FileDescriptorProtoSchema, { ...file, sourceCodeInfo: undefined });
  digest.update(`${file.name}\0${bytes.length}\0`).update(bytes);
}
const hex = digest.digest("hex");

const response = create(CodeGeneratorResponseSchema, {
  supportedFeatures: BigInt(
    CodeGeneratorResponse_Feature.PROTO3_OPTIONAL | CodeGeneratorResponse_Feature.SUPPORTS_EDITIONS,
  ),
  minimumEdition: Edition.EDITION_PROTO2,
  maximumEdition: Edition.EDITION_2024,
  file: [
    {
      name: "ts/macroscope/schema-digest.ts",
      content: `// Generated from all files of the schema. DO NOT EDIT.\n\n/** SHA-256 over the schema, lower-case hexadecimal. */\nexport const SCHEMA_DIGEST = "${hex}";\n`,
    },
    {
      name: "python/macroscope/schema_digest.py",
      content: `# Generated from all files of the schema. DO NOT EDIT.\n"""The digest of the schema."""\n\nfrom typing import Final\n\nSCHEMA_DIGEST: Final = "${hex}"\n"""SHA-256 over the schema, lower-case hexadecimal."""\n`,
    },
  ],
});
process.stdout.write(toBinary(CodeGeneratorResponseSchema, response));
