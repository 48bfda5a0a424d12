import { defineConfig } from "vite";
import { electronBundle } from "./vite.shared.ts";

export default defineConfig((env) => electronBundle("preload", "src/preload/preload.ts", env));
