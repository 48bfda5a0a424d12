import { defineConfig } from "vite";
import { electronBundle } from "./vite.shared.ts";

export default defineConfig((env) => electronBundle("main", "src/main/main.ts", env));
