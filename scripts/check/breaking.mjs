// Changes of the schema that would break a peer or the reading of an old recording: against main, against the last release's tag, and against the
// kept image of each release, which needs no tag.
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { run, runOrThrow } from "../support/child.mjs";
import { inProject, npmProgram } from "../support/project.mjs";
import { firstCommit, workFolder } from "./git.mjs";

/** @returns {Promise<import("./checks.mjs").Finding>} */
export async function checkBreaking() {
  // On main itself, and in a clone of another branch alone, main is what was last committed.
  const main = await firstCommit("origin/main", "main", "HEAD");
  const release = await run(["git", "describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]);
  const bases = [main, release.code === 0 ? release.output.trim() : undefined].filter((base) => base !== undefined);
  let output = "";
  const compared = [];
  for (const base of bases) {
    const result = await compareWith(base);
    if (result === undefined) continue;
    compared.push(base);
    output += result;
  }
  for (const { version, image } of releasedSchemas()) {
    compared.push(`release ${version}`);
    output += await compareWithImage(version, image);
  }
  const note = compared.length > 0 ? `against ${compared.join(" and ")}` : "no earlier schema to compare with";
  return { ok: output === "", output, note };
}

/**
 * The schemas of the releases, as `buf build` wrote them.
 * @returns {{ version: string, image: string }[]}
 */
export function releasedSchemas() {
  const folder = inProject("test/vectors/releases");
  const versions = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return versions.map(({ name }) => ({ version: name, image: path.join(folder, name, "schema.binpb") }));
}

/**
 * @param {string} version of the release
 * @param {string} image its schema
 * @param {string} [project] the folder with the schema to compare, and with buf.yaml; default: the checkout
 * @returns {Promise<string>} what would break; empty where nothing does
 */
export async function compareWithImage(version, image, project = inProject(".")) {
  const command = [...npmProgram("@bufbuild/buf", "buf"), "breaking", "proto", "--against", image];
  const { code, output } = await run(command, { cwd: project });
  return code === 0 ? "" : `Against release ${version}:\n${output}`;
}

/**
 * @param {string} base a commit
 * @returns {Promise<string | undefined>} what would break, or undefined where the commit has no schema
 */
async function compareWith(base) {
  const { code } = await run(["git", "cat-file", "-e", `${base}:proto`]);
  if (code !== 0) return undefined;
  const folder = workFolder("breaking");
  try {
    const archive = path.join(folder, "proto.tar");
    await runOrThrow(["git", "archive", "--output", archive, base, "proto", "buf.yaml"]);
    await runOrThrow(["tar", "-xf", archive, "-C", folder]);
    const rules = path.join(".cache", "protovalidate");
    if (existsSync(inProject(rules))) cpSync(inProject(rules), path.join(folder, rules), { recursive: true });
    const result = await run([...npmProgram("@bufbuild/buf", "buf"), "breaking", "--against", folder]);
    return result.code === 0 ? "" : `Against ${base}:\n${result.output}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
