import type * as nodeFs from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RECORD_NAME, readRecord, waitForRecord } from "../../src/host/worker-record";

const watching = vi.hoisted(() => ({ none: false }));
vi.mock("node:fs", async () => {
  const fs = await vi.importActual<typeof nodeFs>("node:fs");
  return {
    ...fs,
    watch: (...values: Parameters<typeof fs.watch>) => {
      if (watching.none) throw new Error("ENOSPC: System limit for number of file watchers reached");
      return fs.watch(...values);
    },
  };
});

const record = { pid: 42, endpoint: "/run/worker.sock", token: "t".repeat(64) };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "macroscope-record-"));
});
afterEach(async () => {
  watching.none = false;
  await rm(folder, { recursive: true });
});

/** As a worker does it: whole or not at all. */
async function leave(content: unknown): Promise<void> {
  const temporary = path.join(folder, `${RECORD_NAME}.tmp`);
  await writeFile(temporary, typeof content === "string" ? content : JSON.stringify(content));
  await rename(temporary, path.join(folder, RECORD_NAME));
}

describe("readRecord", () => {
  test("reads what a worker left", async () => {
    await leave({ ...record, build: "more is fine" });
    expect(await readRecord(folder)).toEqual(record);
  });

  test.each([["nothing"], ["[]"], ["null"], ['{"pid":"42"}'], ['{"pid":42,"endpoint":"/x"}'], ["{"]])(
    "makes nothing of %s",
    async (content) => {
      await leave(content);
      expect(await readRecord(folder)).toBeUndefined();
    },
  );

  test("is undefined where no worker was", async () => {
    expect(await readRecord(path.join(folder, "absent"))).toBeUndefined();
  });
});

describe("waitForRecord", () => {
  test("takes the record of the worker that has the token, not an older one's", async () => {
    await leave({ ...record, token: "another" });
    const waiting = waitForRecord(folder, record.token, new AbortController().signal);
    await leave(record);
    expect(await waiting).toEqual(record);
  });

  test("takes one that was there before", async () => {
    await leave(record);
    expect(await waitForRecord(folder, record.token, new AbortController().signal)).toEqual(record);
  });

  test("does not rely on the system's watch", async () => {
    watching.none = true;
    const waiting = waitForRecord(folder, record.token, new AbortController().signal);
    await leave(record);
    expect(await waiting).toEqual(record);
  });

  test("ends with the signal's reason", async () => {
    const abort = new AbortController();
    const waiting = waitForRecord(folder, record.token, abort.signal);
    abort.abort(new Error("The worker ended with exit code 1."));
    await expect(waiting).rejects.toThrow("exit code 1");
  });
});
