/** A Python with the packages of the peers, apart from the worker's: nothing of the product may come to need them. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = path.join(import.meta.dirname, "../..");
const requirements = path.join(import.meta.dirname, "peers/requirements.txt");

function programOf(environment: string): string {
  return process.platform === "win32"
    ? path.join(environment, "Scripts", "python.exe")
    : path.join(environment, "bin", "python");
}

/** Gives back that Python; makes its environment when it is missing or the requirements have changed. */
export async function peerPython(): Promise<string> {
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const environment = path.join(root, ".cache", `bench-python-${digest}`);
  const python = programOf(environment);
  if (existsSync(path.join(environment, "complete"))) return python;
  console.log("The peers' Python packages are being installed …");
  await rm(environment, { recursive: true, force: true });
  await run(programOf(path.join(root, ".cache/uv")), ["-m", "venv", environment]);
  await run(python, [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--require-hashes",
    "--only-binary",
    ":all:",
    "-r",
    requirements,
  ]);
  await writeFile(path.join(environment, "complete"), "");
  return python;
}
