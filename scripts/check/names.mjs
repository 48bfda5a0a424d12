// Names of one machine or one network have no place in the project: paths of somebody's disk, hosts of package registries.
import { readFileSync } from "node:fs";
import { inProject } from "../support/project.mjs";
import { projectFiles } from "./git.mjs";

const forbidden = [
  {
    what: "a registry host",
    // By its form, so that no host has to be named here: registry.<domain>, a Python index, or a setting with an address.
    pattern:
      /\bregistry\.[a-z0-9-]+\.[a-z]{2,}\b|https?:\/\/[^\s"']*\/simple\b|(?:index|registry)(?:[-_]url)?\s*[=:]\s*["']?https?:/i,
  },
  {
    what: "the home folder of a person",
    pattern: /(?:^|[\s"'`(=:])(?:\/root\/|\/home\/[\w-]+\/|\/Users\/[\w-]+\/|[A-Z]:\\Users\\)/,
  },
];
const lockFiles = [
  { file: "package-lock.json", what: "an address to download from", pattern: /"resolved": "http/ },
  {
    file: "python/requirements.txt",
    what: "an address or an index",
    pattern: /^\s*(?:--?(?:i|index-url|extra-index-url|find-links)\b|[^#]*:\/\/)/,
  },
];

/** @returns {Promise<import("./checks.mjs").Finding>} */
export async function checkNames() {
  const found = [];
  for (const file of await projectFiles()) {
    const rules = [...forbidden.map((rule) => ({ ...rule, file })), ...lockFiles].filter((rule) => rule.file === file);
    found.push(...violations(file, rules));
  }
  return { ok: found.length === 0, output: found.join("\n") };
}

/**
 * @param {string} file
 * @param {{ what: string, pattern: RegExp }[]} rules
 */
function violations(file, rules) {
  const text = readText(file);
  if (text === undefined) return [];
  return text.split("\n").flatMap((line, index) => {
    const broken = rules.find(({ pattern }) => pattern.test(line));
    return broken ? [`${file}:${index + 1}: ${broken.what}: ${line.trim().slice(0, 160)}`] : [];
  });
}

/**
 * The text of a text file; nothing for a binary one and for one that is gone.
 * @param {string} file
 */
function readText(file) {
  try {
    const content = readFileSync(inProject(file));
    return content.includes(0) ? undefined : content.toString("utf8");
  } catch {
    return undefined;
  }
}
