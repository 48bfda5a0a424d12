import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetStep, takeStep } from "../../../scripts/support/step.mjs";

let folder: string;
let stamp: string;
const work = vi.fn(async () => {
  writeFileSync(path.join(folder, "output"), "made");
});
const take = (words: string[] = []) =>
  takeStep({ name: "a step", stamp, files: [], words, outputs: [path.join(folder, "output")], doing: "making", work });

beforeEach(() => {
  vi.spyOn(console, "log").mockImplementation(() => {});
  work.mockClear();
  folder = mkdtempSync(path.join(tmpdir(), "step-"));
  stamp = `test-${randomUUID()}`;
});
afterEach(() => {
  forgetStep(stamp);
  rmSync(folder, { recursive: true });
});

describe("takeStep", () => {
  it("does its work once", async () => {
    expect([await take(), await take()]).toEqual([true, false]);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it("does it again when what it depends on has changed, when its output is gone, and when it is forgotten", async () => {
    await take();
    await take(["another version"]);
    rmSync(path.join(folder, "output"));
    await take(["another version"]);
    forgetStep(stamp);
    await take(["another version"]);
    expect(work).toHaveBeenCalledTimes(4);
  });

  it("is taken again after it failed", async () => {
    await take();
    work.mockRejectedValueOnce(new Error("no network"));
    await expect(take(["new"])).rejects.toThrow("no network");
    expect(existsSync(path.join(folder, "output"))).toBe(true);
    expect(await take()).toBe(true);
  });

  it("does not believe work that left no output", async () => {
    work.mockResolvedValueOnce(undefined);
    await expect(take()).rejects.toThrow("should be there now");
  });
});
