import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = path.resolve(import.meta.dirname, "../..");
const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
  packages: Record<string, LockedPackage>;
};
const entries = Object.entries(lock.packages).filter(([place]) => place !== "");

/** Where a package at one place finds another: in its own node_modules or in one further out. */
function isFound(place: string, name: string): boolean {
  for (let folder = place; ; folder = folder.slice(0, Math.max(folder.lastIndexOf("/node_modules/"), 0))) {
    if (`${folder === "" ? "" : `${folder}/`}node_modules/${name}` in lock.packages) return true;
    if (folder === "") return false;
  }
}

describe("package-lock.json", () => {
  it("pins every package by its hash and names no registry", () => {
    const loose = entries.filter(
      ([, { version, integrity, resolved }]) => !version || !integrity || resolved !== undefined,
    );
    expect(loose.map(([place]) => place)).toEqual([]);
  });

  it("holds the binaries of all systems, not only of the one where it was written", () => {
    // npm leaves out silently what its registry does not have; `npm ci` then refuses the file everywhere. Take a version that is complete.
    const missing = entries.flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isFound(place, name)),
    );
    expect(missing).toEqual([]);
  });
});
