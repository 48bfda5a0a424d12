// The places of the project that the scripts share. Node built-ins only: this runs before anything is installed.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const windows = process.platform === "win32";

/** The folder of the checkout. */
export const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");

/**
 * A path inside the checkout.
 * @param {...string} parts
 */
export const inProject = (...parts) => path.join(root, ...parts);

/** Node 24 out of the npm package `node`; there after the set-up. */
export const node24 = inProject("node_modules", "node", "bin", windows ? "node.exe" : "node");

const venvPrograms = inProject(".venv", windows ? "Scripts" : "bin");

/**
 * A program of the Python environment, such as `python` or `ruff`.
 * @param {string} name
 */
export const venvProgram = (name) => path.join(venvPrograms, windows ? `${name}.exe` : name);

/**
 * The environment in which the project's tools find each other: npm's programs (Node 24 first among them), then Python's.
 * @param {NodeJS.ProcessEnv} extra
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(extra = {}) {
  const search = [
    path.dirname(node24),
    inProject("node_modules", ".bin"),
    venvPrograms,
    process.env["PATH"] ?? process.env["Path"],
  ];
  const inherited = { ...process.env };
  // Windows calls it Path; two spellings in one environment are undefined behaviour.
  delete inherited["Path"];
  return { ...inherited, PATH: search.filter(Boolean).join(path.delimiter), PYTHONUTF8: "1", ...extra };
}

/**
 * The command line of a program of an npm package: Node 24 and the program's file, so that no shell is needed on any system.
 * @param {string} packageName
 * @param {string} [program] where the package has several
 * @returns {[string, string]}
 */
export function npmProgram(packageName, program) {
  const folder = inProject("node_modules", ...packageName.split("/"));
  const manifest = path.join(folder, "package.json");
  if (!existsSync(manifest)) throw new Error(`The npm package ${packageName} is not installed. Run: npm run setup`);
  /** @type {string | Record<string, string>} */
  const bin = JSON.parse(readFileSync(manifest, "utf8")).bin;
  const file =
    typeof bin === "string" ? bin : (bin[program ?? packageName.split("/").pop() ?? ""] ?? Object.values(bin)[0]);
  if (!file) throw new Error(`The npm package ${packageName} has no program ${program ?? ""}.`);
  return [node24, path.join(folder, file)];
}
