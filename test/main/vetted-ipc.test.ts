import { EventEmitter } from "node:events";
import { beforeEach, expect, test, vi } from "vitest";

const { ipcMain } = vi.hoisted(() => ({
  ipcMain: { current: undefined as EventEmitter | undefined },
}));
vi.mock("electron", () => ({
  ipcMain: {
    on: (channel: string, listener: (...args: unknown[]) => void) => ipcMain.current?.on(channel, listener),
  },
}));

const { onVettedMessage, refusedMessages } = await import("../../src/main/vetted-ipc");

const handler = vi.fn();
const sender = { id: 1, isDestroyed: (): boolean => false };

beforeEach(() => {
  ipcMain.current = new EventEmitter();
  handler.mockReset();
  onVettedMessage("ask", (url) => url.startsWith("macroscope://app/"), handler);
});

function send(
  senderFrame: { url: string; parent: unknown } | null,
  from: { isDestroyed: () => boolean } = sender,
): void {
  ipcMain.current?.emit("ask", { sender: from, senderFrame }, { any: "thing" });
}

test("hears the main frame of a page of ours", () => {
  send({ url: "macroscope://app/operator/index.html", parent: null });
  expect(handler).toHaveBeenCalledExactlyOnceWith(sender, { any: "thing" });
});

test.each([
  ["a frame inside a page", { url: "macroscope://app/operator/index.html", parent: {} }, sender],
  ["another origin", { url: "https://example.org/", parent: null }, sender],
  ["about:blank", { url: "about:blank", parent: null }, sender],
  ["no URL", { url: "", parent: null }, sender],
  ["a frame that is gone", null, sender],
  ["a destroyed window", { url: "macroscope://app/", parent: null }, { isDestroyed: (): boolean => true }],
])("does not hear %s, and counts it", (_name, frame, from) => {
  const before = refusedMessages().count;
  send(frame, from);
  expect(handler).not.toHaveBeenCalled();
  expect(refusedMessages().count).toBe(before + 1);
});
