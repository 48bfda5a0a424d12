/** Builds the small applications that measure the program: CommonJS for Electron's processes, a folder for the page. */
import path from "node:path";
import { build } from "vite";

const root = path.join(import.meta.dirname, "../..");

export interface ProgramEntry {
  /** Of the file that is built, without `.cjs`. */
  readonly name: string;
  readonly file: string;
}

/** Builds programs of Electron's main, preload and utility processes into `outDir`. */
export async function buildPrograms(entries: readonly ProgramEntry[], outDir: string): Promise<void> {
  for (const { name, file } of entries) {
    await build({
      configFile: false,
      root,
      logLevel: "warn",
      define: { PAGES_VITE_DEV_SERVER_URL: "undefined" },
      build: {
        outDir,
        emptyOutDir: false,
        target: "node20.18",
        minify: false,
        lib: { entry: file, formats: ["cjs"], fileName: () => `${name}.cjs` },
        rollupOptions: { external: ["electron", /^node:/, /^@grpc\//] },
      },
      resolve: { conditions: ["node", "import", "module", "default"], mainFields: ["module", "main"] },
    });
  }
}

/** Builds the page whose index.html is in `page` into `outDir`. */
export async function buildPage(page: string, outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: page,
    base: "./",
    logLevel: "warn",
    // As the program is built, whatever runs this: with the checks that libraries do for developers, other things would be measured.
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    build: { outDir, emptyOutDir: true, target: "chrome130" },
  });
}
