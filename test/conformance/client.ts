// The TypeScript client of the conformance tests: node test/conformance/client.ts [PATH]
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const program = fileURLToPath(new URL("./calling.ts", import.meta.url));
// Through Vite, because the sources import each other without file extensions.
const { module } = await runnerImport<{ call: (path: string | undefined) => Promise<void> }>(program);
await module.call(process.argv[2]);
process.exit();
