import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filesBelow, fingerprint } from "../../../scripts/support/fingerprint.mjs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "fingerprint-"));
  mkdirSync(path.join(folder, "a/node_modules"), { recursive: true });
  writeFileSync(path.join(folder, "a/one.txt"), "one");
  writeFileSync(path.join(folder, "a/node_modules/other.txt"), "not ours");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const print = (words: string[] = []) => fingerprint(["a", "missing"], words, folder);

describe("fingerprint", () => {
  it("stays the same while nothing changes", () => {
    expect(print()).toBe(print());
  });

  it("changes with the content, the name and the number of files, and with the words", () => {
    const prints = [print(), print(["24"])];
    writeFileSync(path.join(folder, "a/one.txt"), "two");
    prints.push(print());
    writeFileSync(path.join(folder, "a/two.txt"), "");
    prints.push(print());
    rmSync(path.join(folder, "a/two.txt"));
    writeFileSync(path.join(folder, "a/three.txt"), "");
    prints.push(print());
    expect(new Set(prints).size).toBe(prints.length);
  });

  it("passes over what is installed or built", () => {
    expect(filesBelow(folder)).toEqual([path.join(folder, "a/one.txt")]);
  });
});
