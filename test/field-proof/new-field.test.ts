/** A field that the schema gets: what the window's own code makes of it, from nothing but the changed descriptors. The whole is `npm run prove:field`. */
import { create, createFileRegistry, fromBinary, fromJson, toJson } from "@bufbuild/protobuf";
import type { DescMessage, FileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { pathToString } from "@bufbuild/protobuf/reflect";
import { createValidator } from "@bufbuild/protovalidate";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addField, FIELD } from "../../scripts/field-proof/new-field.mjs";
import { runOrThrow } from "../../scripts/support/child.mjs";
import { inProject, npmProgram } from "../../scripts/support/project.mjs";
import { configurationControls, configurationForm, draftProblem, readDraft } from "../../src/mirror";
import { ruleSentence } from "../../src/mirror/configuration-refusal";
import { buildMessage, readValues } from "../../src/mirror/parameter-values";

let folder: string;
let registry: FileRegistry;
let configuration: DescMessage;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "macroscope-schema-"));
  for (const name of ["proto", ".cache/protovalidate", "buf.yaml"]) {
    cpSync(inProject(name), path.join(folder, name), { recursive: true });
  }
  addField(folder);
  const image = path.join(folder, "image.binpb");
  await runOrThrow([...npmProgram("@bufbuild/buf", "buf"), "build", "--as-file-descriptor-set", "-o", image], {
    cwd: folder,
  });
  registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(image)));
  const found = registry.getMessage("macroscope.configuration.v1.Configuration");
  if (!found) throw new Error("The changed schema has no Configuration.");
  configuration = found;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const theControl = () => {
  const control = configurationControls({}, configuration).get(FIELD.path);
  if (!control) throw new Error("There is no control for the new field.");
  return control;
};

describe("a field that is added to the stimulus settings", () => {
  it("is a control of its group, with what its schema says", () => {
    expect(theControl()).toMatchObject({
      label: FIELD.label,
      unit: FIELD.unit,
      help: FIELD.help,
      kind: "number",
      slider: "linear",
      minimum: FIELD.minimum,
      maximum: FIELD.maximum,
      defaultValue: FIELD.default,
    });
    const stimulus = configurationForm({}, configuration).find(({ name }) => name === "stimulus");
    const group = stimulus?.groups.find(({ heading }) => heading === FIELD.group);
    expect(group?.items.map((item) => item.path)).toContain(FIELD.path);
  });

  it("is refused in the same words, whoever finds its rule broken", () => {
    const broken = (value: number) => {
      const result = createValidator({ registry }).validate(
        configuration,
        buildMessage(configuration, { [FIELD.path]: value }),
      );
      if (result.kind !== "invalid") throw new Error(`${String(value)} is not refused: ${result.kind}`);
      return result.violations.map(({ field, message, ruleId }) => ({ path: pathToString(field), message, ruleId }));
    };
    const range = broken(99.5);
    expect(range[0]?.path).toBe(FIELD.path);
    const sentence = `${FIELD.label} can be ${String(FIELD.minimum)} to ${String(FIELD.maximum)} ${FIELD.unit}.`;
    expect(range.map(({ message, ruleId }) => ruleSentence(theControl(), message, ruleId))).toContain(sentence);
    expect(draftProblem(theControl(), "99.5")).toBe(sentence);
    const [own] = broken(2.3);
    expect(ruleSentence(theControl(), own?.message ?? "", own?.ruleId)).toBe(`${FIELD.label} ${FIELD.ruleWords}.`);
  });

  it("goes out with a value that is typed, and comes back from the text of a preset", () => {
    const meant = readDraft(theControl(), "2,5 °");
    expect(meant).toEqual({ value: 2.5 });
    const text = JSON.stringify(toJson(configuration, buildMessage(configuration, { [FIELD.path]: 2.5 })));
    const read = fromJson(configuration, JSON.parse(text) as never);
    expect(readValues(configuration, read)).toEqual({ [FIELD.path]: 2.5 });
    expect(readValues(configuration, create(configuration))).toEqual({});
  });
});
