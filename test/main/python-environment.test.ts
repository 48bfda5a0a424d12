import path from "node:path";
import { expect, test } from "vitest";
import { findPython } from "../../src/main/python-environment";

test("is beside the program, where each system keeps it", () => {
  expect(findPython("/app", {}, "linux")).toBe(path.join("/app", ".venv", "bin", "python"));
  expect(findPython("/app", {}, "win32")).toBe(path.join("/app", ".venv", "Scripts", "python.exe"));
});

test("the environment may name another", () => {
  expect(findPython("/app", { MACROSCOPE_WORKER_PYTHON: "/opt/python" }, "linux")).toBe("/opt/python");
});
