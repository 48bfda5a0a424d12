// Writes the golden vectors: node test/vectors/write.ts
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
// Through Vite, because the sources import each other without file extensions.
const { module } = await runnerImport<{ vectorFiles: () => Record<string, string> }>(here("./make-vectors.ts"));
for (const [name, text] of Object.entries(module.vectorFiles())) {
  writeFileSync(here(`./${name}`), text);
}
