// `npm run dev`: electron-forge's start, with hot reload from a development server.
import { buildStamp } from "./setup/app-build.mjs";
import { become } from "./support/child.mjs";
import { chooseElectronOrExit, sandboxArguments } from "./support/electron.mjs";
import { npmProgram } from "./support/project.mjs";
import { forgetStep } from "./support/step.mjs";
import { setUpOrExit } from "./setup.mjs";

await setUpOrExit({ build: false });
const electron = await chooseElectronOrExit();
// The development build lies in the same folder; `npm start` must not take it for its own.
forgetStep(buildStamp);
const forge = [
  ...npmProgram("@electron-forge/cli", "electron-forge"),
  "start",
  "--",
  ...sandboxArguments(),
  ...process.argv.slice(2),
];
process.exitCode = await become(
  forge,
  electron.kind === "official" ? {} : { ELECTRON_OVERRIDE_DIST_PATH: electron.folder },
);
