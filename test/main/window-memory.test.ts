import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readRemembered, WindowMemory } from "../../src/main/window-memory";

const PLACE = { bounds: { x: 10, y: 20, width: 640, height: 480 }, maximized: false };

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "macroscope-memory-"));
  file = path.join(folder, "windows.json");
});
afterEach(() => rm(folder, { recursive: true }));

describe("WindowMemory", () => {
  test("remembers places and the stimulus display from one start to the next", async () => {
    const memory = await WindowMemory.read(file);
    expect([memory.placement("operator"), memory.stimulusDisplay]).toEqual([undefined, ""]);
    memory.setPlacement("operator", PLACE);
    memory.setPlacement("preview:v1", { ...PLACE, maximized: true });
    memory.setStimulusDisplay("22");
    expect(memory.settled).toBe(false);
    await memory.flush();
    expect(memory.settled).toBe(true);

    const again = await WindowMemory.read(file);
    expect(again.placement("operator")).toEqual(PLACE);
    expect(again.placement("preview:v1")?.maximized).toBe(true);
    expect(again.stimulusDisplay).toBe("22");
  });

  test("writes once for many changes, and not at all for none", async () => {
    vi.useFakeTimers();
    try {
      const memory = await WindowMemory.read(file);
      for (let x = 0; x < 50; x += 1) memory.setPlacement("operator", { ...PLACE, bounds: { ...PLACE.bounds, x } });
      expect(vi.getTimerCount()).toBe(1);
      await memory.flush();
      memory.setPlacement("operator", { ...PLACE, bounds: { ...PLACE.bounds, x: 49 } });
      memory.setStimulusDisplay("");
      expect([vi.getTimerCount(), memory.settled]).toEqual([0, true]);
    } finally {
      vi.useRealTimers();
    }
    expect(readRemembered(await readFile(file, "utf8")).placements.operator?.bounds.x).toBe(49);
  });

  test("forgets the oldest of very many places", async () => {
    const memory = await WindowMemory.read(file);
    for (let region = 0; region <= 100; region += 1) memory.setPlacement(`preview:r${String(region)}`, PLACE);
    expect([memory.placement("preview:r0"), memory.placement("preview:r100")]).toEqual([undefined, PLACE]);
    await memory.flush();
  });

  test("goes on when the file cannot be written, and says so in the log", async () => {
    const errors = vi.spyOn(console, "error").mockReturnValue(undefined);
    const memory = await WindowMemory.read(path.join(folder, "no", "such", "folder.json"));
    memory.setPlacement("operator", PLACE);
    await memory.flush();
    expect(memory.settled).toBe(true);
    expect(String(errors.mock.calls[0])).toContain("could not be written");
  });

  test("starts afresh over a broken file", async () => {
    await writeFile(file, '{"placements": {"operator": ');
    expect((await WindowMemory.read(file)).placement("operator")).toBeUndefined();
  });
});

describe("readRemembered", () => {
  test("takes what is in order and leaves the rest", () => {
    const bounds = { x: 0, y: 0, width: 0, height: 100 };
    const text = JSON.stringify({
      placements: { good: PLACE, empty: { bounds }, word: "left", fraction: { bounds: { ...PLACE.bounds, x: 0.5 } } },
      stimulusDisplay: 22,
    });
    expect(readRemembered(text)).toEqual({ placements: { good: PLACE }, stimulusDisplay: "" });
  });

  test("never throws, and never gives a rectangle that Electron would throw at", () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ placements: { a: value } })),
    );
    fc.assert(
      fc.property(anything, (text) => {
        for (const { bounds } of Object.values(readRemembered(text).placements)) {
          expect(Object.values(bounds).every(Number.isInteger)).toBe(true);
          expect(bounds.width > 0 && bounds.height > 0).toBe(true);
        }
      }),
    );
  });
});
