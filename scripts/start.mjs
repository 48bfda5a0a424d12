// `npm start`: makes the checkout ready, then runs the built app. No development server, no open port. Arguments after `--` go to the app.
// Where the app cannot be shown, its window runs in a browser instead.
import { becomeBrowserProgram } from "./support/browser-program.mjs";
import { become } from "./support/child.mjs";
import { hasDisplay } from "./support/display.mjs";
import { chooseElectron, describeElectron, sandboxArguments } from "./support/electron.mjs";
import { root } from "./support/project.mjs";
import { setUpOrExit } from "./setup.mjs";

await setUpOrExit();

/**
 * An Electron and a display for it, or the reason why there is none.
 * @returns {Promise<import("./support/electron.mjs").Electron | { reason: string }>}
 */
async function prepare() {
  if (!hasDisplay()) return { reason: "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)" };
  try {
    return await chooseElectron();
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

const electron = await prepare();
if ("reason" in electron) {
  console.warn(
    `\nThe app cannot be shown: ${electron.reason}.\nIts window runs in a browser of this computer instead. (A virtual display is another way: xvfb-run npm start.)`,
  );
  process.exit(await becomeBrowserProgram([]));
}
console.log(describeElectron(electron));
if (sandboxArguments().length > 0) {
  console.warn(
    "Warning: running as root, so the windows run without Chromium's sandbox (--no-sandbox). Use an ordinary user for real work.",
  );
}
process.exitCode = await become([electron.executable, ...sandboxArguments(), root, ...process.argv.slice(2)]);
