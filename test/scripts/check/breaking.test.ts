import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { compareWithImage, releasedSchemas } from "../../../scripts/check/breaking.mjs";

const root = path.resolve(import.meta.dirname, "../../..");
const folders: string[] = [];

/** A copy of the schema, with one text in the place of another. */
function changedSchema(file: string, before: string, after: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "macroscope-breaking-"));
  folders.push(folder);
  for (const name of ["proto", "buf.yaml", ".cache/protovalidate"]) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  const text = readFileSync(path.join(folder, file), "utf8");
  expect(text).toContain(before);
  writeFileSync(path.join(folder, file), text.replace(before, after));
  return folder;
}

afterEach(() => {
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true }));
});

describe("the schemas of the releases", () => {
  it("are kept, 1.0 among them", () => {
    expect(releasedSchemas().map(({ version }) => version)).toContain("1.0");
    expect(releasedSchemas().filter(({ image }) => !existsSync(image))).toEqual([]);
  });

  it.each(releasedSchemas())("agree with what is there now: $version", async ({ version, image }) => {
    expect(await compareWithImage(version, image)).toBe("");
  });

  it.each([
    ["a field of another type", "uint64 epoch = 6", "int64 epoch = 6"],
    ["a field of another number", "uint64 epoch = 6", "uint64 epoch = 16"],
    ["a field of another name", "uint64 epoch = 6", "uint64 era = 6"],
  ])("tell of %s", async (_, before, after) => {
    const folder = changedSchema("proto/macroscope/rpc/v1/frame.proto", before, after);
    const { version, image } = releasedSchemas().find((release) => release.version === "1.0")!;
    const output = await compareWithImage(version, image, folder);
    expect(output).toContain("Against release 1.0");
    expect(output).toContain("frame.proto");
  });
});
