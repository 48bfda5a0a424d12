// Which Electron is run: one that is named, the official one, or the evaluation one. Runs after the npm packages are installed.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { evaluationOffered, provideEvaluationElectron } from "../electron-dist/electron-dist.mjs";
import { run } from "./child.mjs";
import { inProject, node24 } from "./project.mjs";
import { provideSystemLibraries } from "./system-libraries.mjs";

/** @typedef {{ folder: string, executable: string, version: string, kind: "named" | "official" | "evaluation" }} Electron */

const packageFolder = inProject("node_modules", "electron");
const failureFile = inProject(".cache", "electron-download-failed");
const downloadTimeoutMs = 5 * 60_000;
// A download that failed is not tried again at every start.
const retryAfterMs = 24 * 60 * 60_000;

const executableName =
  process.platform === "darwin"
    ? path.join("Electron.app", "Contents", "MacOS", "Electron")
    : process.platform === "win32"
      ? "electron.exe"
      : "electron";

/**
 * The Electron to run. Says on the console what it does where that takes time or is not the usual.
 * @returns {Promise<Electron>}
 * @throws {Error} that says why there is none and what to do
 */
export async function chooseElectron() {
  const { folder, kind } = await find();
  const executable = path.join(folder, executableName);
  const lacking = await provideSystemLibraries([], executable);
  if (lacking) throw new Error(`Electron cannot run here: ${lacking}`);
  // Not read from a file: only the binary itself knows for sure.
  const asked = await run([executable, "-p", "process.versions.electron"], {
    env: { ELECTRON_RUN_AS_NODE: "1" },
    timeoutMs: 30_000,
  });
  if (asked.code !== 0) throw new Error(`${executable} does not run: ${asked.output.trim()}`);
  return { folder, executable, kind, version: asked.output.trim() };
}

/**
 * Chooses and names the Electron of a command that cannot go on without one.
 * @returns {Promise<Electron>}
 */
export async function chooseElectronOrExit() {
  try {
    const electron = await chooseElectron();
    console.log(describeElectron(electron));
    return electron;
  } catch (error) {
    console.error(`\nThe app cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

/**
 * One line that says what is run.
 * @param {Electron} electron
 */
export function describeElectron({ version, kind, folder }) {
  if (kind === "official") return `Electron ${version}, the official package`;
  if (kind === "named") return `Electron ${version}, named by ELECTRON_OVERRIDE_DIST_PATH (${folder})`;
  return (
    `Electron ${version}, the evaluation binary: the official ${officialVersion()} could not be downloaded on this network. ` +
    "Version 33 gets no security fixes any more; use it for evaluation and tests only"
  );
}

/** @returns {Promise<Pick<Electron, "folder" | "kind">>} */
async function find() {
  const named = process.env["ELECTRON_OVERRIDE_DIST_PATH"];
  if (named) {
    if (!existsSync(path.join(named, executableName))) {
      throw new Error(`ELECTRON_OVERRIDE_DIST_PATH is ${named}, but there is no ${executableName} in it.`);
    }
    return { folder: named, kind: "named" };
  }
  const official = path.join(packageFolder, "dist");
  const failure = existsSync(path.join(official, executableName)) ? undefined : await download();
  if (!failure) return { folder: official, kind: "official" };
  if (!evaluationOffered) {
    throw new Error(
      `The official Electron ${officialVersion()} could not be downloaded (${failure}). Connect this computer to the internet once, name a mirror ` +
        "in ELECTRON_MIRROR, or name the folder of an unpacked Electron in ELECTRON_OVERRIDE_DIST_PATH.",
    );
  }
  return { folder: await provideEvaluationElectron(), kind: "evaluation" };
}

function officialVersion() {
  return /** @type {{ version: string }} */ (JSON.parse(readFileSync(path.join(packageFolder, "package.json"), "utf8")))
    .version;
}

/** @returns {Promise<string | undefined>} why the official binary could not be downloaded, or nothing */
async function download() {
  const wanted = officialVersion();
  /** @type {{ version?: string, time?: number, reason?: string }} */
  const last = existsSync(failureFile) ? JSON.parse(readFileSync(failureFile, "utf8")) : {};
  if (last.version === wanted && Date.now() - (last.time ?? 0) < retryAfterMs) return last.reason;
  console.log(`electron: downloading the official Electron ${wanted} (once, about 110 MB) …`);
  const { code, output } = await run([node24, path.join(packageFolder, "install.js")], {
    timeoutMs: downloadTimeoutMs,
  });
  if (code === 0) {
    rmSync(failureFile, { force: true });
    return undefined;
  }
  const reason = /(?:Error: )(.*)/.exec(output)?.[1] ?? `it took longer than ${downloadTimeoutMs / 60_000} minutes`;
  console.log(`electron: the download failed: ${reason}`);
  mkdirSync(path.dirname(failureFile), { recursive: true });
  writeFileSync(failureFile, JSON.stringify({ version: wanted, time: Date.now(), reason }));
  return reason;
}

/**
 * Arguments that Electron needs for where it runs, not for what it does. As root on Linux Chromium refuses to start with its sandbox.
 * @returns {string[]}
 */
export function sandboxArguments() {
  const rootOnLinux = process.platform === "linux" && process.getuid?.() === 0;
  return rootOnLinux ? ["--no-sandbox"] : [];
}
