// What Electron and the tests need of a Linux system. Node built-ins only.
import { existsSync } from "node:fs";
import path from "node:path";
import { run } from "./child.mjs";

/** Debian's names. On other systems the packages are called alike. */
const electronPackages = [
  "libasound2",
  "libatspi2.0-0",
  "libdrm2",
  "libgbm1",
  "libgtk-3-0",
  "libnotify4",
  "libnss3",
  "libxss1",
  "unzip",
  "xauth",
  "xvfb",
];

/**
 * Whether a program is on PATH.
 * @param {string} program
 */
export function onPath(program) {
  return (process.env["PATH"] ?? "").split(path.delimiter).some((folder) => existsSync(path.join(folder, program)));
}

/**
 * Makes sure that the system has the libraries and programs for Electron without a display. As root on Debian or Ubuntu they are installed.
 * @param {string[]} programs those that must be on PATH
 * @param {string} [binary] an executable whose shared libraries must all be there
 * @param {string[]} packages where they come from, by Debian's names
 * @returns {Promise<string | undefined>} what is missing and how to get it, or nothing
 */
export async function provideSystemLibraries(programs, binary, packages = electronPackages) {
  if (process.platform !== "linux") return undefined;
  const missing = async () => [
    ...programs.filter((name) => !onPath(name)),
    ...(binary ? await missingLibraries(binary) : []),
  ];
  const before = await missing();
  if (before.length === 0) return undefined;
  const command = `apt-get install ${packages.join(" ")}`;
  if (process.getuid?.() !== 0 || !onPath("apt-get"))
    return `${before.join(", ")} missing on this system. As root: ${command}`;
  console.log(`system libraries: ${before.join(", ")} missing; installing with apt-get …`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const updated = await run(["apt-get", "update", "-qq"], { env });
  const installed = await run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", ...packages], { env });
  const after = await missing();
  if (after.length === 0) return undefined;
  return `${after.join(", ")} missing, and apt-get did not bring it:\n${(updated.output + installed.output).trim().split("\n").slice(-5).join("\n")}`;
}

/**
 * The shared libraries that the system lacks for an executable.
 * @param {string} binary
 * @returns {Promise<string[]>}
 */
async function missingLibraries(binary) {
  const { output } = await run(["ldd", binary]);
  return output.split("\n").flatMap((line) => /^\s*(\S+) => not found/.exec(line)?.[1] ?? []);
}
