// What Electron runs when it has no application of its own: `electron [options] [-r MODULE] PATH` runs the application at PATH.
// An ES module on purpose: Electron is not ready before it has loaded, so the application is in time for what must be said before that.
import { app } from "electron";
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** The position in process.argv of the application's path. Modules named by -r are loaded on the way. */
function findTarget() {
  for (let index = 1; index < process.argv.length; index++) {
    const argument = process.argv[index];
    if (argument === "-r" || argument === "--require") {
      createRequire(path.join(process.cwd(), "_"))(path.resolve(process.argv[++index]));
    } else if (!argument.startsWith("-")) return index;
  }
  return undefined;
}

/** The file to load, after the application has its name, version and path. */
function adopt(target) {
  if (!statSync(target).isDirectory()) return target;
  const manifest = JSON.parse(readFileSync(path.join(target, "package.json"), "utf8"));
  const name = manifest.productName ?? manifest.name;
  if (name) app.setName(name);
  if (manifest.version) app.setVersion(manifest.version);
  app.setAppPath(target);
  return path.resolve(target, manifest.main ?? "index.js");
}

const index = findTarget();
if (index === undefined) {
  console.error("usage: electron [-r MODULE] PATH");
  app.exit(64);
} else {
  const target = path.resolve(process.argv[index]);
  // As with the official default app: argv is [executable, application, arguments…].
  process.argv.splice(1, index, target);
  try {
    await import(pathToFileURL(adopt(target)).href);
  } catch (error) {
    console.error(error);
    app.exit(1);
  }
}
