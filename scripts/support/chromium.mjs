// Which Chromium the tests in a browser use: one that is named, or the system's; on Debian and Ubuntu, as root, it is installed. Node built-ins only.
import { existsSync } from "node:fs";
import path from "node:path";
import { run } from "./child.mjs";
import { provideSystemLibraries } from "./system-libraries.mjs";

/** @typedef {{ executable: string, version: string }} Chromium */

const variable = "MACROSCOPE_CHROMIUM";
const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
// Where they lie outside of Linux, where nothing is on PATH.
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  path.join(process.env["ProgramFiles"] ?? "C:\\Program Files", "Google", "Chrome", "Application", "chrome.exe"),
];

/** @returns {Promise<Chromium | { reason: string }>} */
export async function chooseChromium() {
  const named = process.env[variable];
  if (named) return await asked(named, `${variable} is ${named}, which`);
  const found = find();
  if (found) return await asked(found, found);
  const lacking = await provideSystemLibraries(["chromium"], undefined, ["chromium"]);
  const installed = find();
  if (installed) return await asked(installed, installed);
  return { reason: `${lacking ?? "none was found"}; or name one in ${variable}` };
}

/** @param {Chromium} chromium */
export const describeChromium = ({ executable, version }) => `${version} (${executable})`;

/** @returns {string | undefined} */
function find() {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const candidates = [...names.flatMap((name) => folders.map((folder) => path.join(folder, name))), ...places];
  return candidates.find((file) => existsSync(file));
}

/**
 * @param {string} executable
 * @param {string} what how it is called in a sentence
 * @returns {Promise<Chromium | { reason: string }>}
 */
async function asked(executable, what) {
  // On Windows it prints nothing and opens a window.
  if (process.platform === "win32") return { executable, version: "Chrome" };
  const { code, output } = await run([executable, "--version"], { timeoutMs: 30_000 });
  const version = output.trim().split("\n").pop() ?? "";
  return code === 0 ? { executable, version } : { reason: `${what} does not run: ${version}` };
}
