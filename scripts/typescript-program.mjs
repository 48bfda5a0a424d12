// `node typescript-program.mjs FILE.ts [ARGUMENTS]`, Node 24: Vite resolves and compiles the file and what it imports, as it does for the app.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { runnerImport } from "vite";

const [file = ""] = process.argv.splice(2, 1);
const program = path.resolve(file);
process.argv[1] = program;
await runnerImport(pathToFileURL(program).href, { configFile: false, logLevel: "warn" });
