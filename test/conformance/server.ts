// The TypeScript server of the conformance tests: node test/conformance/server.ts PATH
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const program = fileURLToPath(new URL("./serving.ts", import.meta.url));
// Through Vite, because the sources import each other without file extensions.
const { module } = await runnerImport<{ serve: (path: string) => Promise<void> }>(program);
await module.serve(process.argv[2] ?? "");
