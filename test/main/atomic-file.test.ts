import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeAtomically } from "../../src/main/atomic-file";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "macroscope-file-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("writes a file, replaces one, and leaves nothing else behind", async () => {
  const file = path.join(folder, "windows.json");
  await writeAtomically(file, "one");
  await writeAtomically(file, "two µ");
  expect(await readFile(file, "utf8")).toBe("two µ");
  expect(await readdir(folder)).toEqual(["windows.json"]);
});

test("leaves the old file and no rubbish when it cannot be replaced", async () => {
  const file = path.join(folder, "taken");
  await writeAtomically(path.join(folder, "other"), "other");
  // A folder of that name cannot be replaced by a file.
  const { mkdir } = await import("node:fs/promises");
  await mkdir(file);
  await writeFile(path.join(file, "kept"), "kept");
  await expect(writeAtomically(file, "new")).rejects.toThrow();
  expect((await readdir(folder)).sort()).toEqual(["other", "taken"]);
  expect(await readFile(path.join(file, "kept"), "utf8")).toBe("kept");
});
