import { Code } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { Displays } from "../../src/main/displays";
import { stimulusPlace } from "../../src/main/stimulus-place";
import { BUILT_IN, FakeScreen, STIMULUS } from "./support/fake-screen";

const both = new Displays(new FakeScreen(BUILT_IN, STIMULUS), "linux").list();
const one = new Displays(new FakeScreen(BUILT_IN), "linux").list();
const windowed = { remembered: undefined, size: { width: 960, height: 540 } };

describe("stimulusPlace", () => {
  test("fills the display that was chosen", () => {
    const place = stimulusPlace(both, "22", "11", windowed);
    expect(place).toEqual({ displayId: "22", bounds: STIMULUS.bounds, fullScreen: true });
  });

  test("fills the one that is not the operator's, where none was chosen", () => {
    expect(stimulusPlace(both, "", "11", windowed).displayId).toBe("22");
    expect(stimulusPlace(both, "", "22", windowed).displayId).toBe("11");
  });

  test("is a window where it shares the operator's display, chosen or the only one", () => {
    for (const place of [stimulusPlace(one, "", "11", windowed), stimulusPlace(both, "11", "11", windowed)]) {
      expect(place).toEqual({
        displayId: "11",
        bounds: { x: 160, y: 143, width: 960, height: 540 },
        fullScreen: false,
      });
    }
  });

  test("takes no other display for one that is not connected", () => {
    const place = () => stimulusPlace(one, "22", "11", windowed);
    expect(place).toThrow(
      expect.objectContaining({
        code: Code.FailedPrecondition,
        rawMessage: "The display chosen for the stimulus is not connected. Connect it, or choose another one.",
      }),
    );
  });
});
