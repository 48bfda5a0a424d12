// The last steps on an unpacked Electron: fuses and default app. `node finish.mjs EXECUTABLE DEFAULT_APP_FOLDER`, Node 22 or newer.
import { renameSync } from "node:fs";
import path from "node:path";
import { createPackage } from "@electron/asar";
import { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from "@electron/fuses";

const [, , executable = "", defaultApp = ""] = process.argv;

const wanted = {
  // The snapshot that belonged to the removed application is gone.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // Playwright drives Electron through --inspect.
  [FuseV1Options.EnableNodeCliInspectArguments]: true,
};
const wire = await getCurrentFuseWire(executable);
const set = Object.entries(wanted).every(
  ([option, on]) => wire[/** @type {FuseV1Options} */ (Number(option))] === (on ? FuseState.ENABLE : FuseState.DISABLE),
);
// An executable that runs cannot be written; one that is as it should be need not.
if (!set) await flipFuses(executable, { version: FuseVersion.V1, ...wanted });

const archive = path.join(path.dirname(executable), "resources", "default_app.asar");
await createPackage(defaultApp, `${archive}.new`);
renameSync(`${archive}.new`, archive);
