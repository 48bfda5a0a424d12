// The list of checks. The slow ones come first, so that two processors are busy to the end.
import { run } from "../support/child.mjs";
import { inProject, npmProgram, venvProgram } from "../support/project.mjs";
import { checkBreaking } from "./breaking.mjs";
import { checkGenerated } from "./generated.mjs";
import { checkLengths } from "./lengths.mjs";
import { checkNpmLicences, checkPythonLicences } from "./licences.mjs";
import { checkNames } from "./names.mjs";

/** @typedef {{ ok: boolean, output: string, note?: string }} Finding */
/** @typedef {{ name: string, run: () => Promise<Finding> }} Check */

/**
 * A check that is one command: it passes when the command ends with 0.
 * @param {string} name
 * @param {() => string[]} command
 * @param {string} [cwd]
 * @returns {Check}
 */
function tool(name, command, cwd) {
  return {
    name,
    run: async () => {
      const { code, output } = await run(command(), cwd ? { cwd } : {});
      return { ok: code === 0, output };
    },
  };
}

/**
 * @param {string} name
 * @param {string} packageName
 * @param {string[]} args
 * @param {string} [program]
 */
const npmTool = (name, packageName, args, program) => tool(name, () => [...npmProgram(packageName, program), ...args]);

/**
 * A check that runs in python/, where the settings of Python's tools are.
 * @param {string} name
 * @param {string} program
 * @param {string[]} args
 */
const pythonTool = (name, program, args) => tool(name, () => [venvProgram(program), ...args], inProject("python"));

/** @type {Check[]} */
export const checks = [
  // Without ESLint's cache: it remembers a file by its content, but what a typed rule says depends on other files too.
  npmTool("lint", "eslint", [".", "--max-warnings", "0"]),
  pythonTool("python-types", "mypy", []),
  npmTool("types", "typescript", ["--build"], "tsc"),
  npmTool("format", "prettier", ["--check", "--log-level", "warn", "."]),
  npmTool("imports", "dependency-cruiser", ["--config", ".dependency-cruiser.cjs", "src", "test"], "depcruise"),
  npmTool("dead-code", "knip", []),
  npmTool("buf-lint", "@bufbuild/buf", ["lint"], "buf"),
  npmTool("buf-format", "@bufbuild/buf", ["format", "proto", "--diff", "--exit-code"], "buf"),
  { name: "buf-breaking", run: checkBreaking },
  { name: "generated", run: checkGenerated },
  pythonTool("python-format", "ruff", ["format", "--check", "."]),
  pythonTool("python-lint", "ruff", ["check", "."]),
  pythonTool("python-imports", "lint-imports", ["--no-cache"]),
  pythonTool("python-dead-code", "vulture", []),
  pythonTool("python-dependencies", "deptry", ["."]),
  { name: "licences", run: checkNpmLicences },
  { name: "python-licences", run: checkPythonLicences },
  { name: "lengths", run: checkLengths },
  { name: "names", run: checkNames },
];
