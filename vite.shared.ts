import { builtinModules } from "node:module";
import type { UserConfig } from "vite";

/** The windows' pages: folders of src/renderer with an index.html. Each is served below its name. */
export const PAGES = ["operator", "preview", "stimulus"] as const;

/**
 * Settings of a bundle for one of Electron's processes: one CommonJS file at .vite/build/<name>.cjs.
 *
 * electron-forge merges them into its own for `npm run dev` and packaging; `npm start` and the tests build with Vite alone. So that both give the same
 * bundle, everything that matters is said here. Constants that forge defines only while its development server runs must be undefined otherwise.
 */
export function electronBundle(name: string, entry: string, env: object): UserConfig {
  const byForge = "forgeConfig" in env;
  return {
    build: {
      outDir: ".vite/build",
      // The bundles share the folder.
      emptyOutDir: false,
      copyPublicDir: false,
      // The oldest Electron that the code must run on: Node 20.18, Chromium 130.
      target: "node20.18",
      minify: false,
      sourcemap: true,
      lib: { entry, formats: ["cjs"], fileName: () => `${name}.cjs` },
      rollupOptions: {
        external: ["electron", /^electron\//, ...builtinModules, /^node:/],
        output: { codeSplitting: false },
      },
    },
    resolve: { conditions: ["node"], mainFields: ["module", "main"] },
    ...(byForge
      ? {}
      : { define: { PAGES_VITE_DEV_SERVER_URL: "undefined", PAGES_VITE_NAME: JSON.stringify("pages") } }),
  };
}
