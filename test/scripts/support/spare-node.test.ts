import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { afterEach, expect, it } from "vitest";
import { spareNode } from "../../../scripts/support/spare-node.mjs";
import { inProject } from "../../../scripts/support/project.mjs";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

it("leaves a Node alone that lies elsewhere", () => {
  const { node, drop } = spareNode("/somewhere/bin/node");
  expect(node).toBe("/somewhere/bin/node");
  drop();
});

it("moves a Node out of node_modules, where it still runs, and forgets it", () => {
  mkdirSync(inProject("node_modules", ".cache"), { recursive: true });
  const folder = mkdtempSync(inProject("node_modules", ".cache", "spare-"));
  made.push(folder);
  const running = path.join(folder, "node");
  copyFileSync(process.execPath, running);
  const { node, drop } = spareNode(running);
  made.push(path.dirname(node));
  expect(existsSync(running)).toBe(false);
  expect(node.startsWith(inProject("node_modules"))).toBe(false);
  expect(spawnSync(node, ["--version"], { encoding: "utf8" }).stdout).toMatch(/^v\d/);
  drop();
  expect(existsSync(node)).toBe(false);
});
