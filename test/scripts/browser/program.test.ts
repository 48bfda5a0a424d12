import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { run } from "../../../scripts/support/child.mjs";
import { inProject, node24 } from "../../../scripts/support/project.mjs";

const program = (...args: string[]) =>
  run([node24, inProject("scripts", "browser", "program.mjs"), ...args], { timeoutMs: 20_000 });

test("a port that is taken is said in a sentence, and nothing is left running", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  const { code, output } = await program("--port", String(port));
  other.close();
  expect(code).toBe(1);
  expect(output.trim()).toBe(`Port ${String(port)} is already in use`);
});

test.each([
  ["a port that is none", ["--port", "abc"], /^abc is no port/],
  ["an argument that is not known", ["--nonsense"], /^Unknown option '--nonsense'/],
])("%s is said in a sentence", async (_what, args, sentence) => {
  const { code, output } = await program(...args);
  expect(code).toBe(1);
  expect(output).toMatch(sentence);
  expect(output).not.toContain("    at ");
});
