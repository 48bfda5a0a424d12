// The last steps on an unpacked Electron: fuses and default app. `node finish.mjs EXECUTABLE DEFAULT_APP_FOLDER`, Node 22 or newer.
import path from "node:path";
import { createPackage } from "@electron/asar";
import { flipFuses, FuseV1Options, FuseVersion } from "@electron/fuses";

const [, , executable = "", defaultApp = ""] = process.argv;

await flipFuses(executable, {
  version: FuseVersion.V1,
  // The snapshot that belonged to the removed application is gone.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // Playwright drives Electron through --inspect.
  [FuseV1Options.EnableNodeCliInspectArguments]: true,
});
await createPackage(defaultApp, path.join(path.dirname(executable), "resources", "default_app.asar"));
