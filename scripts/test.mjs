// `npm test [-- SUITE [ARGUMENTS FOR ITS RUNNER]]`: checks, then vitest, pytest and Playwright. Runs them all, says at the end what came out.
import { describeSum, sumOf } from "./test/result.mjs";
import { suites } from "./test/suites.mjs";
import { setUp } from "./setup.mjs";

const [only, ...args] = process.argv.slice(2);
if (only !== undefined && !suites.some(({ name }) => name === only)) {
  console.error(`There is no suite ${only}. There are: ${suites.map(({ name }) => name).join(", ")}.`);
  process.exit(1);
}

try {
  // Only the end-to-end tests run the built app.
  await setUp({ build: only === undefined || only === "e2e" });
} catch (error) {
  console.error(`\nThe set-up failed: ${error instanceof Error ? error.message : String(error)}`);
  console.log(describeSum({ passed: 0, failed: 1, skipped: 0 }));
  process.exit(1);
}
/** @type {import("./test/result.mjs").Result[]} */
const results = [];
for (const suite of suites.filter(({ name }) => only === undefined || only === name)) {
  console.log(`\n════ ${suite.title} ════`);
  results.push(await suite.run(args));
}

console.log("");
for (const { title, passed, failed, skipped, notes } of results) {
  console.log(`${title}: ${describeSum({ passed, failed, skipped })}`);
  for (const note of notes) console.log(`  ${note}`);
}
const sum = sumOf(results);
console.log(describeSum(sum));
process.exitCode = sum.failed > 0 ? 1 : 0;
