import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playwrightReport, pytestReport, vitestReport } from "../../../scripts/test/reports.mjs";
import { describeSum, sumOf, withExitCode } from "../../../scripts/test/result.mjs";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "reports-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function report(name: string, content: unknown): string {
  const file = path.join(folder, name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

describe("reports", () => {
  it("counts vitest's tests, and a file that does not load as one failure", () => {
    const file = report("vitest.json", {
      testResults: [
        {
          name: "a.test.ts",
          status: "failed",
          assertionResults: [
            { fullName: "a passes", status: "passed" },
            { fullName: "a fails", status: "failed" },
            { fullName: "a is skipped", status: "pending" },
          ],
        },
        { name: "b.test.ts", status: "failed", assertionResults: [] },
      ],
    });
    expect(vitestReport(file)).toEqual({ passed: 1, failed: 2, skipped: 1, notes: ["skipped: a is skipped"] });
  });

  it("counts pytest's tests with the reasons of those skipped", () => {
    const file = report(
      "pytest.xml",
      '<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" skipped="1" tests="10" time="1">' +
        '<testcase classname="tests.a" name="test_a" time="0.1"><skipped type="pytest.skip" message="needs a camera">a.py:1</skipped></testcase>' +
        "</testsuite></testsuites>",
    );
    expect(pytestReport(file)).toEqual({
      passed: 6,
      failed: 3,
      skipped: 1,
      notes: ["skipped: test_a: needs a camera"],
    });
  });

  it("counts Playwright's tests; a test that passed only at the second try has failed", () => {
    const file = report("playwright.json", {
      stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 1 },
      errors: [],
      suites: [
        {
          title: "a.test.ts",
          suites: [
            {
              title: "inner",
              specs: [
                {
                  title: "sandboxed",
                  tests: [{ status: "skipped", annotations: [{ type: "skip", description: "runs as root" }] }],
                },
              ],
            },
          ],
        },
      ],
    });
    expect(playwrightReport(file)).toEqual({
      passed: 4,
      failed: 2,
      skipped: 1,
      notes: ["skipped: sandboxed: runs as root"],
    });
  });

  it("counts nothing where a runner left no report, and then its exit code is the failure", () => {
    const counted = { title: "TypeScript", ...vitestReport(path.join(folder, "missing.json")) };
    expect(counted).toMatchObject({ passed: 0, failed: 0, skipped: 0 });
    expect(withExitCode(counted, 1)).toMatchObject({ failed: 1 });
    expect(withExitCode(counted, 0)).toMatchObject({ failed: 0 });
  });
});

describe("the last line", () => {
  it("sums all suites", () => {
    const sums = [
      { passed: 1, failed: 0, skipped: 2 },
      { passed: 10, failed: 3, skipped: 0 },
    ];
    expect(describeSum(sumOf(sums))).toBe("11 passed, 3 failed, 2 skipped");
  });
});
