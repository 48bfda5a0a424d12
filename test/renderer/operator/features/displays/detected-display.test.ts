import { expect, it } from "vitest";
import { detectedChanges, displayText } from "../../../../../src/renderer/operator/features/displays/detected-display";
import type { Display } from "../../../../../src/renderer/operator/features/displays/detected-display";

const DELL: Display = {
  id: "2",
  label: "DELL P2419H",
  number: 2,
  widthPx: 1920,
  heightPx: 1080,
  scaleFactor: 1,
  refreshRateHz: 59.9502,
  primary: false,
  internal: false,
};

it("fills each detected setting with the display's property of its name, where it is another", () => {
  expect(detectedChanges(DELL, { "display.width_px": 1920, "display.height_px": 1200 })).toEqual({
    "display.display_id": "2",
    "display.height_px": 1080,
    "display.refresh_rate_hz": 59.9502,
  });
});

it("leaves what the system does not say", () => {
  const found = { "display.display_id": "2", "display.width_px": 1920, "display.height_px": 1080 };
  expect(detectedChanges({ ...DELL, refreshRateHz: 0 }, { ...found, "display.refresh_rate_hz": 60 })).toEqual({});
});

it("names a display by number, model, size and rate", () => {
  expect(displayText(DELL)).toBe("2 · DELL P2419H · 1920 × 1080 · 59.95 Hz");
  expect(displayText({ ...DELL, label: "", refreshRateHz: 0 })).toBe("2 · 1920 × 1080 · rate not known");
});
