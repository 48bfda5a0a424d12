// Set-up step: the npm packages, exactly those of package-lock.json, and Node 24 among them.
import { runOrThrow } from "../support/child.mjs";
import { npm } from "../support/npm.mjs";
import { inProject, node24 } from "../support/project.mjs";
import { takeStep } from "../support/step.mjs";

export function installNpmPackages() {
  return takeStep({
    name: "npm packages",
    stamp: "npm-packages",
    files: ["package-lock.json", ".npmrc"],
    words: [process.platform, process.arch],
    outputs: [node24, inProject("node_modules", ".package-lock.json")],
    doing: "installing",
    work: async () => {
      // No package may run code of its own while it is installed, but for one: `node` fetches the binary of this system.
      await runOrThrow([...npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
      await runOrThrow([...npm(), "rebuild", "node", "--foreground-scripts", "--loglevel=error"]);
    },
  });
}
