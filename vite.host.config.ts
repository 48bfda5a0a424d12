import { defineConfig } from "vite";
import { electronBundle } from "./vite.shared.ts";

export default defineConfig((env) => electronBundle("host", "src/host/host.ts", env));
