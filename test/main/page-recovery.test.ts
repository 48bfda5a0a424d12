import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recoverPage } from "../../src/main/page-recovery";

class Page extends EventEmitter {
  reload = vi.fn();
  isDestroyed = vi.fn(() => false);
}

let nowMs = 0;
let page: Page;
const giveUp = vi.fn();
const crashed = vi.fn();

beforeEach(() => {
  vi.spyOn(console, "error").mockReturnValue(undefined);
  nowMs = 0;
  page = new Page();
  giveUp.mockReset();
  crashed.mockReset();
  recoverPage(page, () => nowMs, { crashed, gaveUp: giveUp });
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function crash(reason = "crashed"): Promise<void> {
  page.emit("render-process-gone", {}, { reason });
  await new Promise((resolve) => setImmediate(resolve));
}

test("loads a page again whose process has crashed", async () => {
  await crash();
  expect(page.reload).toHaveBeenCalledOnce();
  expect(crashed).toHaveBeenCalledExactlyOnceWith("crashed");
});

test.each([
  ["a process that ended as it should", "clean-exit", false],
  ["a window that is gone meanwhile", "crashed", true],
])("leaves %s alone", async (_name, reason, destroyed) => {
  page.isDestroyed.mockReturnValue(destroyed);
  await crash(reason);
  expect(page.reload).not.toHaveBeenCalled();
});

test("says so instead, after more than three crashes within a minute", async () => {
  for (let count = 0; count < 3; count += 1) await crash();
  expect(giveUp).not.toHaveBeenCalled();
  await crash("oom");
  expect(page.reload).toHaveBeenCalledTimes(3);
  expect(giveUp).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("oom"));
});

test("crashes that lie far apart never add up", async () => {
  for (let count = 0; count < 10; count += 1) {
    await crash();
    nowMs += 60_000;
  }
  expect([page.reload.mock.calls.length, giveUp.mock.calls.length]).toEqual([10, 0]);
});
