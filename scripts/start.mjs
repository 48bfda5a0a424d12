// `npm start`: makes the checkout ready, then runs the built app. No development server, no open port. Arguments after `--` go to the app.
import { become } from "./support/child.mjs";
import { hasDisplay } from "./support/display.mjs";
import { chooseElectronOrExit, sandboxArguments } from "./support/electron.mjs";
import { root } from "./support/project.mjs";
import { setUpOrExit } from "./setup.mjs";

await setUpOrExit();
if (!hasDisplay()) {
  console.error(
    "\nThe app cannot be shown: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set). Start it from a desktop session, or on a virtual " +
      "display: xvfb-run npm start. Running it in a browser will come with the WebSocket link.",
  );
  process.exit(1);
}
const electron = await chooseElectronOrExit();
if (sandboxArguments().length > 0) {
  console.warn(
    "Warning: running as root, so the windows run without Chromium's sandbox (--no-sandbox). Use an ordinary user for real work.",
  );
}
process.exitCode = await become([electron.executable, ...sandboxArguments(), root, ...process.argv.slice(2)]);
