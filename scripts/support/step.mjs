// A step of the set-up: done once for each state of what it depends on. Node built-ins only.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fingerprint } from "./fingerprint.mjs";
import { inProject } from "./project.mjs";

/**
 * @typedef {object} Step
 * @property {string} name as the user reads it
 * @property {string} stamp name of its file in .cache/stamps
 * @property {string[]} files files and folders it depends on
 * @property {string[]} [words] what else it depends on
 * @property {string[]} outputs what must exist afterwards
 * @property {string} doing what it does, in a few words
 * @property {() => Promise<void>} work
 */

const stampFile = (/** @type {string} */ stamp) => inProject(".cache", "stamps", stamp);

/**
 * Does a step unless nothing changed since it was last done.
 * @param {Step} step
 * @returns {Promise<boolean>} whether it had something to do
 */
export async function takeStep({ name, stamp, files, words, outputs, doing, work }) {
  const key = fingerprint(files, words);
  const file = stampFile(stamp);
  if (outputs.every((output) => existsSync(output)) && existsSync(file) && readFileSync(file, "utf8") === key) {
    console.log(`${name}: up to date`);
    return false;
  }
  console.log(`${name}: ${doing} …`);
  const start = performance.now();
  // A step that fails half-way must be taken again.
  forgetStep(stamp);
  await work();
  const missing = outputs.filter((output) => !existsSync(output));
  if (missing.length > 0) throw new Error(`${name}: ${missing.join(", ")} should be there now and is not.`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, key);
  console.log(`${name}: done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return true;
}

/**
 * Makes the set-up take a step again.
 * @param {string} stamp
 */
export function forgetStep(stamp) {
  rmSync(stampFile(stamp), { force: true });
}
