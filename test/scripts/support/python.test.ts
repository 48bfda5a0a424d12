import { afterEach, describe, expect, it, vi } from "vitest";
import { findPython, newEnough } from "../../../scripts/support/python.mjs";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("newEnough", () => {
  it.each(["3.11.0", "3.13.2", "4.0.0"])("takes %s", (version) => {
    expect(newEnough(version)).toBe(true);
  });
  it.each(["3.10.14", "2.7.18", "3.9"])("refuses %s", (version) => {
    expect(newEnough(version)).toBe(false);
  });
});

describe("findPython", () => {
  it("finds one and never takes the project's own environment for it", async () => {
    const { executable, version } = await findPython();
    expect(newEnough(version)).toBe(true);
    expect(executable).not.toContain(".venv");
  });

  it("says what to install where there is none", async () => {
    vi.stubEnv("MACROSCOPE_PYTHON", "/nowhere/python");
    await expect(findPython()).rejects.toThrow(/needs Python 3\.11 or newer.*apt install/s);
  });
});
