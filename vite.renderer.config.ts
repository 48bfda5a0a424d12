/** Builds the pages of all windows. Used by `vite build` and, in development, by forge's Vite plugin. */
import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { PAGES } from "./vite.shared.ts";

const repository = import.meta.dirname;
const renderer = path.join(repository, "src/renderer");

export default defineConfig({
  root: renderer,
  // Each page is served below its window's name, so its files are found from where it stands.
  base: "./",
  plugins: [react()],
  worker: { format: "es" },
  build: {
    outDir: path.join(repository, ".vite/renderer"),
    emptyOutDir: true,
    // Electron's own Chromium, and current browsers later.
    target: "es2022",
    // The polyfill would be an inline script's work; the engine preloads modules itself.
    modulePreload: { polyfill: false },
    // Everything is on the disk beside the page, and its policy allows no data: scripts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rollupOptions: { input: PAGES.map((page) => path.join(renderer, page, "index.html")) },
  },
});
