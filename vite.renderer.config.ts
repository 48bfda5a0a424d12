/** Builds the operator window. Used by `vite build` and, in development, by forge's Vite plugin. */
import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const repository = import.meta.dirname;

export default defineConfig({
  root: path.join(repository, "src/renderer/operator"),
  // The page is served below its window's name, so its files are found from where it stands.
  base: "./",
  plugins: [react()],
  worker: { format: "es" },
  build: {
    outDir: path.join(repository, ".vite/renderer/operator"),
    emptyOutDir: true,
    // Electron's own Chromium, and current browsers later.
    target: "es2022",
    // The polyfill would be an inline script's work; the engine preloads modules itself.
    modulePreload: { polyfill: false },
    // Everything is on the disk beside the page, and its policy allows no data: scripts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
  },
});
