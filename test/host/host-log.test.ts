import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HostLog } from "../../src/host/host-log";

let directory = "";
let nowMs = Date.UTC(2026, 0, 1);
const make = (where = directory) => new HostLog(where, () => new Date(nowMs));
const files = () => readdirSync(directory).toSorted();
const linesOf = (file: string) => readFileSync(path.join(directory, file), "utf8").split("\n").filter(Boolean);

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "host-log-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test("a line is an object of the worker's shape, and there is no file before the first", async () => {
  const log = make();
  expect(files()).toEqual([]);
  log.write({ level: "warning", event: "call failed", method: "/s/M", peer: "window 1" });
  await log.written();
  expect(files()).toHaveLength(1);
  expect(linesOf(files()[0] ?? "").map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      time: "2026-01-01T00:00:00.000Z",
      level: "warning",
      logger: "host",
      event: "call failed",
      method: "/s/M",
      peer: "window 1",
    },
  ]);
});

test("a file that grows large is followed by another, and only the newest are kept", async () => {
  const log = make();
  for (let line = 0; line < 75; line += 1) {
    nowMs += 1000;
    log.write({ level: "info", event: "x".repeat(500_000) });
    await log.written();
  }
  expect(files()).toHaveLength(10);
  for (const file of files()) expect(linesOf(file).length).toBeLessThanOrEqual(5);
});

test("a disk that refuses is said once and stops nothing", async () => {
  const said = vi.spyOn(console, "error").mockReturnValue(undefined);
  const file = path.join(directory, "file");
  writeFileSync(file, "");
  const log = make(file);
  log.write({ level: "info", event: "a" });
  log.write({ level: "info", event: "b" });
  await log.written();
  log.write({ level: "info", event: "c" });
  await log.written();
  expect(said).toHaveBeenCalledOnce();
});

test("whoever writes does not wait for the disk, and the lines keep their order", async () => {
  const log = make();
  for (let line = 0; line < 10; line += 1) log.write({ level: "info", event: `line ${String(line)}` });
  expect(files()).toEqual([]);
  await log.written();
  const [file = ""] = files();
  expect(linesOf(file).map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(
    Array.from({ length: 10 }, (_, line) => `line ${String(line)}`),
  );
});

test("lines that a slow disk does not take are counted, not kept", async () => {
  const log = make();
  for (let line = 0; line < 1500; line += 1) log.write({ level: "info", event: "flood" });
  await log.written();
  log.write({ level: "info", event: "after" });
  await log.written();
  const [file = ""] = files();
  const lines = linesOf(file).map((line) => JSON.parse(line) as { event: string; lines?: number });
  expect(lines.filter(({ event }) => event === "flood")).toHaveLength(1000);
  expect(lines.slice(1000)).toMatchObject([{ event: "lines left out", lines: 500 }, { event: "after" }]);
});
