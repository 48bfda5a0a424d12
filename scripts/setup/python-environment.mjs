// Set-up steps: uv in a folder of its own, and with it .venv, the worker's Python environment.
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { run, runOrThrow } from "../support/child.mjs";
import { inProject, venvProgram, windows } from "../support/project.mjs";
import { findPython } from "../support/python.mjs";
import { takeStep } from "../support/step.mjs";

const uvFolder = inProject(".cache", "uv");
const programs = path.join(uvFolder, windows ? "Scripts" : "bin");
const uv = path.join(programs, windows ? "uv.exe" : "uv");
const uvPython = path.join(programs, windows ? "python.exe" : "python");

export async function makePythonEnvironment() {
  const python = await findPython();
  const words = [python.version, python.executable];
  await takeStep({
    name: "uv",
    stamp: "uv",
    files: ["python/requirements-uv.txt"],
    words,
    outputs: [uv],
    doing: "installing",
    work: () => installUv(python),
  });
  const environment = await uvSettings();
  await takeStep({
    name: "Python environment",
    stamp: "python-environment",
    files: ["python/requirements.txt"],
    words,
    outputs: [venvProgram("python"), venvProgram("pytest")],
    doing: `installing for Python ${python.version}`,
    work: async () => {
      if (!madeFrom(python))
        await runOrThrow([uv, "venv", "--quiet", "--clear", "--python", python.executable, ".venv"], {
          env: environment,
        });
      const sync = [
        "pip",
        "sync",
        "--quiet",
        "--require-hashes",
        "--python",
        venvProgram("python"),
        "python/requirements.txt",
      ];
      await runOrThrow([uv, ...sync], { env: environment });
    },
  });
  await takeStep({
    name: "worker",
    stamp: "worker",
    files: ["python/pyproject.toml", "python/hatch_build.py", "python/requirements.txt"],
    words,
    outputs: [venvProgram("macroscope")],
    doing: "installing from python/",
    work: async () => {
      const install = [
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--python",
        venvProgram("python"),
      ];
      await runOrThrow([uv, ...install, "--editable", "python"], { env: environment });
    },
  });
}

/**
 * Whether .venv is there and of this very Python.
 * @param {import("../support/python.mjs").Python} python
 */
function madeFrom(python) {
  const file = inProject(".venv", "pyvenv.cfg");
  if (!existsSync(file) || !existsSync(venvProgram("python"))) return false;
  const settings = new Map(
    readFileSync(file, "utf8")
      .split(/\r?\n/)
      .map((line) => /** @type {[string, string]} */ (line.split(" = "))),
  );
  return settings.get("version_info") === python.version && settings.get("home") === path.dirname(python.executable);
}

/** @param {import("../support/python.mjs").Python} python */
async function installUv(python) {
  rmSync(uvFolder, { recursive: true, force: true });
  const made = await run([...python.command, "-m", "venv", uvFolder]);
  if (made.code !== 0 || !existsSync(uvPython)) {
    throw new Error(
      `Python ${python.version} (${python.executable}) could not make a virtual environment. On Debian and Ubuntu its venv module is a ` +
        `package of its own: apt install python3-venv. Python said:\n${made.output.trim()}`,
    );
  }
  await runOrThrow([
    uvPython,
    "-m",
    "pip",
    "install",
    "--quiet",
    "--require-hashes",
    "-r",
    "python/requirements-uv.txt",
  ]);
}

/**
 * uv does not read pip's settings. Where pip has been told of another index, of wheels on disk or of certificates, tell uv the same.
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function uvSettings() {
  const { code, output } = await run([uvPython, "-m", "pip", "config", "list"]);
  if (code !== 0) return {};
  /** @type {Record<string, string>} */
  const names = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    cert: "SSL_CERT_FILE",
  };
  /** @type {NodeJS.ProcessEnv} */
  const settings = {};
  for (const line of output.split(/\r?\n/)) {
    const [, key = "", value] = /^(?:global|install|:env:)\.([a-z-]+)='(.*)'$/.exec(line) ?? [];
    const name = names[key];
    if (name && value && !process.env[name]) settings[name] = value;
  }
  return settings;
}
