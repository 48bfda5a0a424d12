// `npm run package`: the packaged app in out/, by electron-forge.
import { buildStamp } from "./setup/app-build.mjs";
import { become } from "./support/child.mjs";
import { npmProgram } from "./support/project.mjs";
import { forgetStep } from "./support/step.mjs";
import { setUpOrExit } from "./setup.mjs";

await setUpOrExit({ build: false });
// forge builds into the same folder.
forgetStep(buildStamp);
process.exitCode = await become([
  ...npmProgram("@electron-forge/cli", "electron-forge"),
  "package",
  ...process.argv.slice(2),
]);
