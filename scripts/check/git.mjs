// What the checks ask git.
import { mkdirSync, mkdtempSync } from "node:fs";
import path from "node:path";
import { run, runOrThrow } from "../support/child.mjs";
import { inProject } from "../support/project.mjs";

/**
 * The files that belong to the project: tracked, or new and not ignored.
 * @param {string[]} patterns
 * @returns {Promise<string[]>}
 */
export async function projectFiles(...patterns) {
  const output = await runOrThrow([
    "git",
    "ls-files",
    "--cached",
    "--others",
    "--exclude-standard",
    "-z",
    "--",
    ...patterns,
  ]);
  return output.split("\0").filter(Boolean);
}

/**
 * The first of several commits that exists.
 * @param {string[]} names
 * @returns {Promise<string | undefined>}
 */
export async function firstCommit(...names) {
  for (const name of names) {
    const { code } = await run(["git", "rev-parse", "--verify", "--quiet", `${name}^{commit}`]);
    if (code === 0) return name;
  }
  return undefined;
}

/**
 * A new folder for a check's own files, inside .cache and therefore on the same disk and ignored.
 * @param {string} name
 */
export function workFolder(name) {
  mkdirSync(inProject(".cache"), { recursive: true });
  return mkdtempSync(path.join(inProject(".cache"), `${name}-`));
}
