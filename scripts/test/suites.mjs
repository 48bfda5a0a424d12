// The suites of `npm test`, each with the command that runs it and the report that counts it.
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { run } from "../support/child.mjs";
import { chooseChromium, describeChromium } from "../support/chromium.mjs";
import { displayPrefix } from "../support/display.mjs";
import { chooseElectron, describeElectron } from "../support/electron.mjs";
import { inProject, node24, npmProgram, venvProgram } from "../support/project.mjs";
import { provideSystemLibraries } from "../support/system-libraries.mjs";
import { playwrightReport, pytestReport, vitestReport } from "./reports.mjs";
import { withExitCode } from "./result.mjs";

/** @typedef {import("./result.mjs").Result} Result */
/** @typedef {{ name: string, title: string, run: (args: string[]) => Promise<Result> }} Suite */

/**
 * A place for a report, with nothing there of an earlier run.
 * @param {string} name
 */
function freshReport(name) {
  const file = inProject(".cache", "test", name);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  return file;
}

/** @type {Suite} */
const check = {
  name: "check",
  title: "Checks",
  run: async (args) => {
    const { code } = await run([node24, "scripts/check.mjs", ...args], { show: true });
    // Checks are not tests: they add to the sum only when they fail, so that the last line never looks better than it is.
    return withExitCode({ title: "Checks", passed: 0, failed: 0, skipped: 0, notes: [] }, code);
  },
};

/** @type {Suite} */
const unit = {
  name: "unit",
  title: "TypeScript",
  run: async (args) => {
    const file = freshReport("vitest.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const { code } = await run([...npmProgram("vitest"), "run", ...reporters, ...args], { show: true });
    return withExitCode({ title: "TypeScript", ...vitestReport(file) }, code);
  },
};

/** @type {Suite} */
const python = {
  name: "python",
  title: "Python",
  run: async (args) => {
    const file = freshReport("pytest.xml");
    const { code } = await run([venvProgram("python"), "-m", "pytest", `--junitxml=${file}`, ...args], {
      cwd: inProject("python"),
      show: true,
    });
    return withExitCode({ title: "Python", ...pytestReport(file) }, code);
  },
};

/** @type {Suite} */
const endToEnd = {
  name: "e2e",
  title: "End to end",
  run: async (args) => {
    const [stage, chromium] = [await prepareStage(), await chooseChromium()];
    const file = freshReport("playwright.json");
    const playwright = [...npmProgram("@playwright/test", "playwright"), "test"];
    // Those in the browser run in any case: without one, each of them says why it is skipped.
    const inElectron = "folder" in stage;
    const command = [...(inElectron ? stage.prefix : []), ...playwright, ...(inElectron ? [] : ["--project=browser"])];
    const described = [
      inElectron ? stage.description : `no Electron: ${stage.reason}`,
      "executable" in chromium ? describeChromium(chromium) : `no Chromium: ${chromium.reason}`,
    ];
    console.log(described.join("\n"));
    const { code } = await run([...command, ...args], {
      show: true,
      env: {
        ...(inElectron ? { ELECTRON_OVERRIDE_DIST_PATH: stage.folder } : {}),
        ...("executable" in chromium
          ? { MACROSCOPE_CHROMIUM: chromium.executable }
          : { MACROSCOPE_CHROMIUM_MISSING: chromium.reason }),
      },
    });
    const counted = playwrightReport(file);
    const left = inElectron ? 0 : await countTests([...playwright, "--project=electron", ...args]);
    const notes = [`ran in ${described.join("; ")}`, ...counted.notes];
    return withExitCode({ title: "End to end", ...counted, skipped: counted.skipped + left, notes }, code);
  },
};

/** @type {Suite[]} */
export const suites = [check, unit, python, endToEnd];

/**
 * An Electron and a display to run it on, or the reason why there is none.
 * @returns {Promise<{ folder: string, description: string, prefix: string[] } | { reason: string }>}
 */
async function prepareStage() {
  try {
    const electron = await chooseElectron();
    const lacking = displayPrefix() === undefined ? await provideSystemLibraries(["xvfb-run", "xauth"]) : undefined;
    const prefix = displayPrefix();
    if (prefix === undefined)
      return { reason: `there is no display, and no virtual one: ${lacking ?? "xvfb-run missing"}` };
    return { folder: electron.folder, description: describeElectron(electron), prefix };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * How many tests a command of Playwright would run.
 * @param {string[]} command
 */
async function countTests(command) {
  const { output } = await run([...command, "--list"]);
  return Number(/Total: (\d+) test/.exec(output)?.[1] ?? 0);
}
