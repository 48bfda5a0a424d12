import { describe, expect, test } from "vitest";
import { Displays } from "../../src/main/displays";
import { BUILT_IN, FakeScreen, STIMULUS } from "./support/fake-screen";

describe("Displays", () => {
  test("lists the primary display first, with physical pixels, refresh rate and numbers", () => {
    const displays = new Displays(new FakeScreen(STIMULUS, BUILT_IN));
    expect(displays.list().map(({ facts }) => facts)).toMatchObject([
      {
        id: "11",
        number: 1,
        label: "Built-in",
        widthPx: 2560,
        heightPx: 1600,
        scaleFactor: 2,
        primary: true,
        internal: true,
      },
      { id: "22", number: 2, widthPx: 1920, heightPx: 1080, refreshRateHz: 59.95, primary: false, internal: false },
    ]);
  });

  test("numbers the others from left to right, and calls a nameless one by its number", () => {
    const nameless = { ...STIMULUS, id: 33, label: "", bounds: { ...STIMULUS.bounds, x: -1920 } };
    const displays = new Displays(new FakeScreen(STIMULUS, nameless, BUILT_IN));
    const named = displays.list().map(({ facts: { number, id, label } }) => [number, id, label]);
    expect(named).toEqual([
      [1, "11", "Built-in"],
      [2, "33", "Display 2"],
      [3, "22", "DELL P2419H"],
    ]);
  });

  test("knows which display a window is on, and tells of changes", () => {
    const screen = new FakeScreen(BUILT_IN, STIMULUS);
    const displays = new Displays(screen);
    expect(displays.under({ x: 1200, y: 0, width: 400, height: 400 })).toBe("22");
    let told = 0;
    displays.onChange(() => {
      told += 1;
    });
    screen.set(BUILT_IN);
    expect([told, displays.list().length]).toEqual([1, 1]);
  });
});
