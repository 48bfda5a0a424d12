/** Serves the pages to look at (gallery.html) and to measure with (picture-bench.html), on this machine only. */
import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const root = import.meta.dirname;

export default defineConfig({
  root,
  plugins: [react()],
  cacheDir: path.join(root, "../../.cache/vite-gallery"),
  server: { host: "127.0.0.1", port: 5199, strictPort: true, fs: { allow: [path.join(root, "../..")] } },
});
