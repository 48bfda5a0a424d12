// `npm run package`: the packaged app in out/, by electron-forge.
import { become } from "./support/child.mjs";
import { npmProgram } from "./support/project.mjs";
import { setUpOrExit } from "./setup.mjs";

await setUpOrExit();
process.exitCode = await become([
  ...npmProgram("@electron-forge/cli", "electron-forge"),
  "package",
  ...process.argv.slice(2),
]);
