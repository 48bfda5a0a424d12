// Drift of what is generated, code and reference: it must be what proto/ gives, and committed.
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { generatedFolders, generateInto } from "../setup/generated-code.mjs";
import { runOrThrow } from "../support/child.mjs";
import { filesBelow } from "../support/fingerprint.mjs";
import { inProject, root } from "../support/project.mjs";
import { workFolder } from "./git.mjs";

/** @returns {Promise<import("./checks.mjs").Finding>} */
export async function checkGenerated() {
  const folder = workFolder("generated");
  try {
    // Beside the tree, not over it: a change made by hand must be found, not wiped out.
    await generateInto(folder);
    const differing = generatedFolders.flatMap((generated) =>
      differences(inProject(generated), path.join(folder, generated)).map((name) => `  ${generated}/${name}`),
    );
    if (differing.length > 0) {
      return {
        ok: false,
        output: `Not what proto/ gives. These are never changed by hand: change the schema, then npm run generate.\n${differing.join("\n")}`,
      };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const uncommitted = await runOrThrow(["git", "status", "--porcelain", "--", ...generatedFolders], { cwd: root });
  if (uncommitted === "") return { ok: true, output: "" };
  return {
    ok: false,
    output: `Freshly generated, but not committed. Commit it together with proto/:\n${uncommitted}`,
  };
}

/**
 * The files that differ between two folders, missing ones included.
 * @param {string} left
 * @param {string} right
 */
function differences(left, right) {
  const contents = [left, right].map(
    (base) => new Map(filesBelow(base).map((file) => [path.relative(base, file), readFileSync(file, "utf8")])),
  );
  const [ours = new Map(), fresh = new Map()] = contents;
  return [...new Set([...ours.keys(), ...fresh.keys()])].filter((name) => ours.get(name) !== fresh.get(name)).sort();
}
