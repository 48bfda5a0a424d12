// `npm run check [-- NAME …]`: everything that can be known without running the program. Each check has a line; what fails is shown below.
import { availableParallelism } from "node:os";
import { checks } from "./check/checks.mjs";
import { writeRulesSchema } from "./setup/generated-code.mjs";
import { setUpOrExit } from "./setup.mjs";

/** @typedef {import("./check/checks.mjs").Check} Check */

/**
 * Runs checks, as many at a time as there are processors.
 * @param {Check[]} wanted
 * @returns {Promise<string[]>} the names of those that failed
 */
async function runChecks(wanted) {
  const waiting = [...wanted];
  /** @type {{ name: string, output: string }[]} */
  const failures = [];
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const start = performance.now();
      const { ok, output, note } = await check.run();
      const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
      console.log(`${ok ? "ok    " : "FAILED"} ${seconds} s  ${check.name}${note ? `  (${note})` : ""}`);
      if (!ok) failures.push({ name: check.name, output });
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), wanted.length) }, worker));
  for (const { name, output } of failures) console.log(`\n──── ${name} ────\n${output.trim()}`);
  return failures.map(({ name }) => name);
}

await setUpOrExit({ build: false });
await writeRulesSchema();
const names = process.argv.slice(2);
const unknown = names.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(`There is no check ${unknown.join(", ")}. There are: ${checks.map(({ name }) => name).join(", ")}.`);
  process.exit(1);
}
const failed = await runChecks(names.length > 0 ? checks.filter(({ name }) => names.includes(name)) : checks);
console.log(failed.length > 0 ? `\nFailed: ${failed.join(", ")}` : "\nAll checks passed.");
process.exitCode = failed.length > 0 ? 1 : 0;
