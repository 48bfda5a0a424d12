import { EventEmitter } from "node:events";
import { describe, expect, test, vi } from "vitest";
import { guardKeys, type KeyInput, opensTools, reloads } from "../../src/main/page-keys";

const input = (key: string, ...modifiers: ("control" | "meta" | "alt" | "shift")[]): KeyInput => ({
  type: "keyDown",
  key,
  control: modifiers.includes("control"),
  meta: modifiers.includes("meta"),
  alt: modifiers.includes("alt"),
  shift: modifiers.includes("shift"),
});

const RELOADS = [
  input("F5"),
  input("F5", "shift"),
  input("r", "control"),
  input("R", "control", "shift"),
  input("r", "meta"),
];
const TOOLS = [input("F12"), input("I", "control", "shift"), input("j", "control", "shift"), input("i", "meta", "alt")];
const OTHERS = [
  input("r"),
  input("R", "shift"),
  input("i", "control"),
  input("c", "control"),
  input("Escape", "shift"),
];

describe("keys", () => {
  test.each(RELOADS)("that load a page again: $key", (key) => {
    expect([reloads(key), opensTools(key)]).toEqual([true, false]);
  });
  test.each(TOOLS)("that open the engine's tools: $key", (key) => {
    expect([reloads(key), opensTools(key)]).toEqual([false, true]);
  });
  test.each(OTHERS)("that do neither: $key", (key) => {
    expect([reloads(key), opensTools(key)]).toEqual([false, false]);
  });
});

describe("guardKeys", () => {
  function press(guarded: boolean, tools: boolean, key: KeyInput): boolean {
    const page = new EventEmitter();
    guardKeys(page, () => guarded, tools);
    const preventDefault = vi.fn();
    page.emit("before-input-event", { preventDefault }, key);
    return preventDefault.mock.calls.length > 0;
  }

  test("keeps a page from being loaded again while something goes on, and only then", () => {
    expect(RELOADS.map((key) => press(true, true, key))).toEqual(RELOADS.map(() => true));
    expect(RELOADS.map((key) => press(false, true, key))).toEqual(RELOADS.map(() => false));
  });

  test("keeps the engine's tools from users, at any time", () => {
    expect(TOOLS.map((key) => press(false, false, key))).toEqual(TOOLS.map(() => true));
    expect(TOOLS.map((key) => press(true, true, key))).toEqual(TOOLS.map(() => false));
  });

  test("leaves every other key to the page", () => {
    expect(OTHERS.some((key) => press(true, false, key))).toBe(false);
    expect(press(true, false, { ...input("F5"), type: "keyUp" })).toBe(false);
  });
});
