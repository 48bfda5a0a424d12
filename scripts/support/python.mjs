// Finds a Python for the worker. Node built-ins only.
import { run } from "./child.mjs";
import { windows } from "./project.mjs";

const oldest = [3, 11];

// Inside an active virtual environment, our own .venv perhaps, the Python that it was made from is the one to use.
const question = [
  "import os, sys",
  "print(os.path.realpath(getattr(sys, '_base_executable', sys.executable)))",
  "print('.'.join(map(str, sys.version_info[:3])))",
].join("\n");

/** @typedef {{ command: string[], executable: string, version: string }} Python */

/**
 * The commands that may be a Python, in the order in which they are tried.
 * @returns {string[][]}
 */
function candidates() {
  const chosen = process.env["MACROSCOPE_PYTHON"];
  if (chosen) return [[chosen]];
  const named = ["python3", "python3.13", "python3.12", "python3.11", "python3.14", "python"].map((name) => [name]);
  return windows ? [["py", "-3"], ...named] : named;
}

/**
 * Whether a version such as 3.12.1 is new enough.
 * @param {string} version
 */
export function newEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/**
 * The first Python that is new enough.
 * @returns {Promise<Python>}
 * @throws {Error} that says what was found instead and what to install
 */
export async function findPython() {
  const seen = [];
  for (const command of candidates()) {
    const { code, output } = await run([...command, "-c", question], {
      env: { PATH: process.env["PATH"] },
      timeoutMs: 20_000,
    });
    const [executable, version] = output.trim().split(/\r?\n/);
    if (code !== 0 || !executable || !version) continue;
    if (newEnough(version)) return { command, executable, version };
    seen.push(`${command.join(" ")} is ${version}`);
  }
  const found = seen.length > 0 ? `Found only: ${seen.join(", ")}.` : "None was found.";
  throw new Error(
    `The worker needs Python ${oldest.join(".")} or newer. ${found} Install one (Debian and Ubuntu: apt install python3 python3-venv; ` +
      "macOS: brew install python@3.13; Windows: winget install Python.Python.3.13), or name it in MACROSCOPE_PYTHON.",
  );
}
