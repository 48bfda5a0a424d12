// Reads the reports that the test runners write.
import { existsSync, readFileSync } from "node:fs";

/** @typedef {import("./result.mjs").Sum} Sum */
/** @typedef {Sum & { notes: string[] }} Report */

/** @type {Report} */
const nothing = { passed: 0, failed: 0, skipped: 0, notes: [] };

/**
 * @param {string} file
 * @param {(text: string) => Report} parse
 * @returns {Report}
 */
const read = (file, parse) => (existsSync(file) ? parse(readFileSync(file, "utf8")) : nothing);

/**
 * Vitest's JSON report.
 * @param {string} file
 */
export const vitestReport = (file) =>
  read(file, (text) => {
    const report = JSON.parse(text);
    /** @type {{ fullName: string, status: string }[]} */
    const tests = report.testResults.flatMap(
      (/** @type {{ assertionResults: unknown[] }} */ suite) => suite.assertionResults,
    );
    const skipped = tests.filter(({ status }) => !["passed", "failed"].includes(status));
    /** @type {{ status: string, assertionResults: { status: string }[], name: string }[]} */
    const files = report.testResults;
    // A file that does not load has no tests to count.
    const broken = files.filter(
      ({ status, assertionResults }) =>
        status === "failed" && assertionResults.every((test) => test.status !== "failed"),
    );
    return {
      passed: tests.filter(({ status }) => status === "passed").length,
      failed: tests.filter(({ status }) => status === "failed").length + broken.length,
      skipped: skipped.length,
      notes: skipped.map(({ fullName }) => `skipped: ${fullName}`),
    };
  });

/**
 * pytest's JUnit report.
 * @param {string} file
 */
export const pytestReport = (file) =>
  read(file, (text) => {
    const suite = /<testsuite\s[^>]*>/.exec(text)?.[0] ?? "";
    const count = (/** @type {string} */ name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
    const failed = count("failures") + count("errors");
    const skipped = [...text.matchAll(/<testcase [^>]*?\bname="([^"]*)"[^>]*>\s*<skipped [^>]*?\bmessage="([^"]*)"/g)];
    return {
      passed: count("tests") - failed - count("skipped"),
      failed,
      skipped: count("skipped"),
      notes: skipped.map(([, name, reason]) => `skipped: ${name}: ${reason}`),
    };
  });

/**
 * Playwright's JSON report.
 * @param {string} file
 */
export const playwrightReport = (file) =>
  read(file, (text) => {
    /** @type {{ stats: Record<"expected" | "unexpected" | "flaky" | "skipped", number>, suites: PlaywrightSuite[], errors: unknown[] }} */
    const { stats, suites, errors } = JSON.parse(text);
    const notes = playwrightSkips(suites);
    return {
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky + (stats.unexpected === 0 ? errors.length : 0),
      skipped: stats.skipped,
      notes,
    };
  });

/**
 * @typedef {{ type: string, description?: string }} Annotation
 * @typedef {{ title: string, tests: { status: string, annotations: Annotation[] }[] }} Spec
 * @typedef {{ title: string, specs?: Spec[], suites?: PlaywrightSuite[] }} PlaywrightSuite
 */

/**
 * @param {PlaywrightSuite[]} suites
 * @returns {string[]}
 */
function playwrightSkips(suites) {
  return suites.flatMap(({ specs = [], suites: inner = [] }) => [
    ...specs.flatMap(({ title, tests }) =>
      tests
        .filter(({ status }) => status === "skipped")
        .map(
          ({ annotations }) =>
            `skipped: ${title}: ${annotations.find(({ type }) => type === "skip")?.description ?? "no reason given"}`,
        ),
    ),
    ...playwrightSkips(inner),
  ]);
}
