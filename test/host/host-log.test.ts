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

test("a line is an object of the worker's shape, and there is no file before the first", () => {
  const log = make();
  expect(files()).toEqual([]);
  log.write({ level: "warning", event: "call failed", method: "/s/M", peer: "window 1" });
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

test("a file that grows large is followed by another, and only the newest are kept", () => {
  const log = make();
  for (let line = 0; line < 75; line += 1) {
    nowMs += 1000;
    log.write({ level: "info", event: "x".repeat(500_000) });
  }
  expect(files()).toHaveLength(10);
  for (const file of files()) expect(linesOf(file).length).toBeLessThanOrEqual(5);
});

test("a disk that refuses is said once and stops nothing", () => {
  const said = vi.spyOn(console, "error").mockReturnValue(undefined);
  const file = path.join(directory, "file");
  writeFileSync(file, "");
  const log = make(file);
  log.write({ level: "info", event: "a" });
  log.write({ level: "info", event: "b" });
  expect(said).toHaveBeenCalledOnce();
});
