import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Displays } from "../../src/main/displays";
import { BUILT_IN, FakeScreen, STIMULUS } from "./support/fake-screen";

describe("Displays", () => {
  test("lists the primary display first, with physical pixels, refresh rate and numbers", () => {
    const displays = new Displays(new FakeScreen(STIMULUS, BUILT_IN), "linux");
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
    const displays = new Displays(new FakeScreen(STIMULUS, nameless, BUILT_IN), "linux");
    const named = displays.list().map(({ facts: { number, id, label } }) => [number, id, label]);
    expect(named).toEqual([
      [1, "11", "Built-in"],
      [2, "33", "Display 2"],
      [3, "22", "DELL P2419H"],
    ]);
  });

  test("knows which display a window is on, and tells of changes", () => {
    const screen = new FakeScreen(BUILT_IN, STIMULUS);
    const displays = new Displays(screen, "linux");
    expect(displays.under({ x: 1200, y: 0, width: 400, height: 400 })).toBe("22");
    let told = 0;
    displays.onChange(() => {
      told += 1;
    });
    screen.set(BUILT_IN);
    expect([told, displays.list().length]).toEqual([1, 1]);
  });

  test("tells the physical pixels behind device-independent ones that were rounded at a scale between whole ones", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 400, max: 4000 }).map((pairs) => 2 * pairs),
        fc.constantFrom(1, 1.1, 1.2, 1.25, 1.333, 1.5, 1.75, 1.9, 2, 2.25, 2.5, 3, 3.5).map(Math.fround),
        fc.constantFrom("win32", "linux", "darwin"),
        (pixels, scaleFactor, platform) => {
          // As Chromium rounds, with the scale as a float.
          const side = (platform === "win32" ? Math.ceil : Math.floor)(Math.fround(pixels / scaleFactor));
          // A scale of 2 and more leaves more than one even number open; real displays there are whole multiples.
          fc.pre(scaleFactor < 2 || Math.abs(side * scaleFactor - pixels) < 0.01);
          const bounds = { x: 0, y: 0, width: side, height: side };
          const displays = new Displays(new FakeScreen({ ...STIMULUS, bounds, scaleFactor }), platform);
          expect(displays.list()[0]?.facts).toMatchObject({ widthPx: pixels, heightPx: pixels });
        },
      ),
    );
  });

  test("keeps an odd number of pixels where nothing was rounded", () => {
    const odd = { ...STIMULUS, bounds: { x: 0, y: 0, width: 1365, height: 767 } };
    expect(new Displays(new FakeScreen(odd), "win32").list()[0]?.facts).toMatchObject({ widthPx: 1365, heightPx: 767 });
  });
});
