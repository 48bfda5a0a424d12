// A hash over files, to know whether something made from them is still good. Node built-ins only.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { root } from "./project.mjs";

const passedOver = new Set(["node_modules", "__pycache__", ".cache", ".vite"]);

/**
 * All files below a file or folder, in the order of their names. What does not exist has none.
 * @param {string} start
 * @returns {string[]}
 */
export function filesBelow(start) {
  const found = statSync(start, { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return [start];
  return readdirSync(start)
    .filter((name) => !passedOver.has(name))
    .sort()
    .flatMap((name) => filesBelow(path.join(start, name)));
}

/**
 * SHA-256 over the names and contents of files and over some words.
 * @param {string[]} files files or folders, relative to the base
 * @param {string[]} words what else the result depends on, such as a version
 * @param {string} base
 */
export function fingerprint(files, words = [], base = root) {
  const hash = createHash("sha256").update(JSON.stringify(words));
  for (const file of files.flatMap((name) => filesBelow(path.join(base, name)))) {
    const content = readFileSync(file);
    hash.update(`${path.relative(base, file).split(path.sep).join("/")}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
