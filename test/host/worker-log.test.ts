import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WorkerLog } from "../../src/host/worker-log";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "macroscope-log-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("gives back the last lines, whole", async () => {
  const log = await WorkerLog.create(folder, new Date(0));
  await log.release();
  const lines = Array.from({ length: 2000 }, (_, i) => `line ${String(i)} ${"x".repeat(20)}`);
  await writeFile(log.path, `${lines.join("\n")}\n`);
  expect(await log.lastLines()).toEqual(lines.slice(-20));
});

test("has no lines while nothing was written", async () => {
  const log = await WorkerLog.create(folder, new Date(0));
  await log.release();
  expect(await log.lastLines()).toEqual([]);
});

test("keeps the newest files and leaves what is not its own", async () => {
  await writeFile(path.join(folder, "main.log"), "");
  for (let day = 1; day <= 25; day += 1) {
    const log = await WorkerLog.create(folder, new Date(Date.UTC(2026, 0, day)));
    await log.release();
  }
  const names = (await readdir(folder)).toSorted();
  expect(names).toContain("main.log");
  expect(names.filter((name) => name.startsWith("worker-"))).toHaveLength(20);
  expect(names.at(-1)).toContain("2026-01-25");
});
