// Set-up step: the npm packages, exactly those of package-lock.json, and Node 24 among them.
import path from "node:path";
import { runOrThrow } from "../support/child.mjs";
import { npm } from "../support/npm.mjs";
import { inProject, node24 } from "../support/project.mjs";
import { spareNode } from "../support/spare-node.mjs";
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
      const { node, drop } = spareNode();
      const env = { PATH: [path.dirname(node), process.env["PATH"] ?? process.env["Path"]].join(path.delimiter) };
      // No package may run code of its own while it is installed, but for one: `node` fetches the binary of this system.
      await runOrThrow([...npm(node), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
        env,
      });
      await runOrThrow([...npm(node), "rebuild", "node", "--foreground-scripts", "--loglevel=error"], { env });
      drop();
    },
  });
}
