// Runs npm, whichever way it is installed. Node built-ins only.
import { existsSync } from "node:fs";
import path from "node:path";
import { windows } from "./project.mjs";

/**
 * The command line that runs npm: the one that runs us, else the one beside our Node, else the one on PATH.
 * @param {string} [node] the Node to run it with
 * @returns {string[]}
 */
export function npm(node = process.execPath) {
  const beside = path.dirname(node);
  const script = [
    process.env["npm_execpath"],
    path.join(beside, "node_modules", "npm", "bin", "npm-cli.js"),
    path.join(beside, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
  ].find((file) => file?.endsWith("npm-cli.js") && existsSync(file));
  if (script) return [node, script];
  if (windows)
    throw new Error("npm was not found beside Node. Install Node 20 or newer with npm, then run this again.");
  return ["npm"];
}
