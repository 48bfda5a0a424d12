// Set-up step: the app, bundled by Vite into .vite/, from where `npm start` and the tests run it.
import { runOrThrow } from "../support/child.mjs";
import { inProject, npmProgram } from "../support/project.mjs";
import { takeStep } from "../support/step.mjs";

export const buildStamp = "app-build";

const bundles = ["main", "preload", "host", "renderer"];
const pages = ["operator", "preview", "stimulus"];

export function buildApp() {
  return takeStep({
    name: "app",
    stamp: buildStamp,
    files: ["src", "gen/ts", "vite.shared.ts", ...bundles.map((name) => `vite.${name}.config.ts`), "package-lock.json"],
    outputs: [
      inProject(".vite", "build", "main.cjs"),
      inProject(".vite", "build", "preload.cjs"),
      inProject(".vite", "build", "host.cjs"),
      ...pages.map((page) => inProject(".vite", "renderer", page, "index.html")),
    ],
    doing: "building",
    work: async () => {
      const builds = bundles.map((name) =>
        runOrThrow([...npmProgram("vite"), "build", "--config", `vite.${name}.config.ts`, "--logLevel", "warn"]),
      );
      await Promise.all(builds);
    },
  });
}
