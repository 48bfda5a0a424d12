// Keeps the running Node alive while node_modules, where it may lie itself, is replaced. Node built-ins only.
import { mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { inProject, windows } from "./project.mjs";

/**
 * Moves the Node that runs us out of node_modules, if it lies there: npm scripts find the project's own Node first, and `npm ci` would delete it under
 * them. A running program can be moved on every system; on Windows it cannot be deleted.
 *
 * @param {string} [running] the Node that runs us
 * @returns {{ node: string, drop: () => void }} a Node that stays, named `node`, and what forgets it when it is not needed any more
 */
export function spareNode(running = process.execPath) {
  const packages = inProject("node_modules") + path.sep;
  if (!running.startsWith(packages)) return { node: running, drop: () => undefined };
  const folder = inProject(".cache", "spare-node", String(process.pid));
  mkdirSync(folder, { recursive: true });
  const node = path.join(folder, windows ? "node.exe" : "node");
  renameSync(running, node);
  return {
    node,
    drop: () => {
      try {
        rmSync(folder, { recursive: true, force: true });
      } catch {
        // Windows lets nobody delete what runs; the next set-up's folder has another name.
      }
    },
  };
}
