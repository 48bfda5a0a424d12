/** Forms know no field by name: what the schema gets tomorrow is a control, and nobody has to write a line for it. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigurationSchema } from "../../gen/ts/macroscope/configuration/v1/settings_pb";

const root = path.resolve(import.meta.dirname, "../..");

/** What forms are made of; where geometry and stimulus are drawn, their fields are named of course. */
const FORMS = [
  "src/renderer/shared/form",
  "src/renderer/operator/features/configuration",
  "src/renderer/operator/features/presets",
];

/** Of the mirror, what forms are made of. */
const MIRRORED = /^(configuration|parameter|preset|judge|derived|schema|slider)[a-z-]*\.ts$/;

const files = [
  ...FORMS.flatMap((folder) => readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`)),
  ...readdirSync(path.join(root, "src/mirror"))
    .filter((name) => MIRRORED.test(name))
    .map((name) => `src/mirror/${name}`),
].filter((file) => /\.tsx?$/.test(file));

/** Comments may give examples. */
const codeOf = (file: string) =>
  readFileSync(path.join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");

const fields = ConfigurationSchema.fields.flatMap((group) =>
  group.fieldKind === "message"
    ? group.message.fields.map((field) => ({ path: `${group.name}.${field.name}`, field }))
    : [],
);

describe("forms", () => {
  it("are looked at, and so are the fields", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(fields.length).toBeGreaterThan(30);
  });

  it.each(fields)("do not name $path", ({ path: whole, field }) => {
    // A name of one word is a word of every language; as a path it is not.
    const names = [whole, ...(field.name.includes("_") ? [field.name, field.localName] : [])];
    const pattern = new RegExp(names.map((name) => `(?<![\\w.])${name.replace(".", "\\.")}(?!\\w)`).join("|"));
    expect(files.filter((file) => pattern.test(codeOf(file)))).toEqual([]);
  });
});
