// No source file is longer than can be read in one go.
import { readFileSync } from "node:fs";
import { inProject } from "../support/project.mjs";
import { projectFiles } from "./git.mjs";

const longestLines = 400;
const sources = ["*.ts", "*.tsx", "*.mjs", "*.cjs", "*.css", "*.html", "*.py", "*.proto"];

/** @returns {Promise<import("./checks.mjs").Finding>} */
export async function checkLengths() {
  const files = (await projectFiles(...sources)).filter((file) => !file.startsWith("gen/"));
  const long = files.flatMap((file) => {
    const lines = readText(file).split("\n").length - 1;
    return lines > longestLines ? [`${file}: ${lines} lines, at most ${longestLines}. Split it by its nouns.`] : [];
  });
  return { ok: long.length === 0, output: long.join("\n") };
}

/**
 * A file's text; one that is deleted but not yet committed so has none.
 * @param {string} file
 */
function readText(file) {
  try {
    return readFileSync(inProject(file), "utf8");
  } catch {
    return "";
  }
}
