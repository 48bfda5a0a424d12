// Set-up step: what is generated from proto/, which is code for both languages in gen/ and the schema's reference among the documents.
import { runOrThrow } from "../support/child.mjs";
import { inProject, node24, npmProgram } from "../support/project.mjs";
import { takeStep } from "../support/step.mjs";

/** The folders of which every file is generated. */
export const generatedFolders = ["gen", "docs/reference/schema"];

/** Prints the schema of the validation rules to .cache/protovalidate, which buf.yaml names. Needed before any use of buf. */
export async function writeRulesSchema() {
  await runOrThrow([node24, "scripts/write-rules-schema.ts"]);
}

/**
 * Generates code and reference.
 * @param {string} base the folder in which the generated folders are written
 */
export async function generateInto(base) {
  await writeRulesSchema();
  await runOrThrow([...npmProgram("@bufbuild/buf", "buf"), "generate", "--output", base]);
}

export function generateCode() {
  return takeStep({
    name: "generated code",
    stamp: "generated-code",
    files: [
      "proto",
      "buf.yaml",
      "buf.gen.yaml",
      "scripts/write-rules-schema.ts",
      "scripts/protoc-gen-schema-digest.ts",
      "scripts/protoc-gen-schema-reference.ts",
      "scripts/schema-reference",
      "package-lock.json",
      "python/requirements.txt",
    ],
    outputs: [
      inProject("gen", "ts"),
      inProject("gen", "python"),
      inProject("docs", "reference", "schema"),
      inProject(".cache", "protovalidate"),
    ],
    doing: "buf generate",
    work: () => generateInto("."),
  });
}
