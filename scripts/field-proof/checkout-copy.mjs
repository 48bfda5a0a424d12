// A copy of the checkout in which the schema is changed. It uses the installed packages of this one by links, so nothing may be installed in it: what
// installs is not copied.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runOrThrow } from "../support/child.mjs";
import { inProject, node24, npmProgram, root } from "../support/project.mjs";

/** What would install packages, or clean up what is installed. */
const INSTALLERS = ["scripts/setup.mjs", "scripts/setup", "package-lock.json"];

/** Folders of this checkout that the copy uses and does not change. */
const LINKED = ["node_modules", ".venv"];

export class CheckoutCopy {
  folder = mkdtempSync(path.join(tmpdir(), "macroscope-field-"));

  /** Copies every file that is or would be committed. */
  async fill() {
    const listed = await runOrThrow(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    const files = listed.split("\0").filter((file) => file !== "" && existsSync(inProject(file)));
    const left = (/** @type {string} */ file) => INSTALLERS.some((one) => file === one || file.startsWith(`${one}/`));
    for (const file of files.filter((one) => !left(one))) {
      const target = path.join(this.folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      cpSync(inProject(file), target);
    }
    for (const name of LINKED) symlinkSync(path.join(root, name), path.join(this.folder, name), "junction");
  }

  /** Generates code of both languages from the copy's schema; nothing else is made. */
  async generate() {
    const at = { cwd: this.folder };
    await runOrThrow([node24, "scripts/write-rules-schema.ts"], at);
    await runOrThrow([...npmProgram("@bufbuild/buf", "buf"), "generate"], at);
  }

  /**
   * Names of the files in a folder that differ from what was copied, or are new. What this checkout has beside, such as what Python compiled, was not copied.
   * @param {string} under
   * @returns {Promise<string[]>}
   */
  async changedFiles(under) {
    const entries = await readdir(path.join(this.folder, under), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    const names = files.map((file) => path.relative(this.folder, file));
    const changed = await Promise.all(names.map((name) => this.#differs(name)));
    return names.filter((_, place) => changed[place]);
  }

  /** @param {string} name */
  async #differs(name) {
    if (!existsSync(inProject(name))) return true;
    const [here, there] = await Promise.all([readFile(inProject(name)), readFile(path.join(this.folder, name))]);
    return !here.equals(there);
  }

  /** What a Python of the copy needs, to take its code and its generated code for this checkout's. */
  get pythonPath() {
    return [path.join("gen", "python"), path.join("python", "src")]
      .map((one) => path.join(this.folder, one))
      .join(path.delimiter);
  }

  remove() {
    // The links first: what they point to is not ours.
    for (const name of LINKED) rmSync(path.join(this.folder, name), { force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }
}
