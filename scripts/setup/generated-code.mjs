// Set-up step: the code generated from proto/ into gen/ for both languages.
import { runOrThrow } from "../support/child.mjs";
import { inProject, node24, npmProgram } from "../support/project.mjs";
import { takeStep } from "../support/step.mjs";

/** Prints the schema of the validation rules to .cache/protovalidate, which buf.yaml names. Needed before any use of buf. */
export async function writeRulesSchema() {
  await runOrThrow([node24, "scripts/write-rules-schema.ts"]);
}

/**
 * Generates both languages.
 * @param {string} base the folder in which gen/ is written
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
      "package-lock.json",
      "python/requirements.txt",
    ],
    outputs: [inProject("gen", "ts"), inProject("gen", "python"), inProject(".cache", "protovalidate")],
    doing: "buf generate",
    work: () => generateInto("."),
  });
}
