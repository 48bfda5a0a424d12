// `node scripts/run.mjs [--electron] FILE.ts [ARGUMENTS]`: runs one of our TypeScript programs in Node 24, with src/ and gen/ importable as in the app.
// With --electron it finds an Electron in ELECTRON_OVERRIDE_DIST_PATH and has a display.
import { become } from "./support/child.mjs";
import { displayPrefix } from "./support/display.mjs";
import { chooseElectronOrExit } from "./support/electron.mjs";
import { inProject, node24 } from "./support/project.mjs";
import { provideSystemLibraries } from "./support/system-libraries.mjs";
import { setUpOrExit } from "./setup.mjs";

const args = process.argv.slice(2);
const withElectron = args[0] === "--electron";
if (withElectron) args.shift();

await setUpOrExit({ build: withElectron });
/** @type {string[]} */
let prefix = [];
/** @type {NodeJS.ProcessEnv} */
const env = {};
if (withElectron) {
  env["ELECTRON_OVERRIDE_DIST_PATH"] = (await chooseElectronOrExit()).folder;
  const lacking = displayPrefix() === undefined ? await provideSystemLibraries(["xvfb-run", "xauth"]) : undefined;
  const display = displayPrefix();
  if (display === undefined) {
    console.error(`There is no display, and no virtual one: ${lacking ?? "xvfb-run missing"}`);
    process.exit(1);
  }
  prefix = display;
}
process.exitCode = await become([...prefix, node24, inProject("scripts", "typescript-program.mjs"), ...args], env);
