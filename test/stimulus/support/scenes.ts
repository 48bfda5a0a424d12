/** A display and a stimulus as a configuration has them, for tests. */
import { Corner } from "../../../gen/ts/macroscope/configuration/v1/stimulus_pb";

export const DISPLAY = {
  displayId: "screen",
  widthPx: 1920,
  heightPx: 1080,
  refreshRateHz: 59.94,
  widthCm: 60.96,
  heightCm: 36.195,
  distanceCm: 25,
  lateralAngleDeg: 30,
  tiltDeg: 20,
};

export const STIMULUS = {
  barWidthDeg: 20,
  driftSpeedDegPerS: 9,
  checkSizeDeg: 25,
  reversalIntervalMs: 166,
  contrast: 0.4,
  background: 0.5,
  gamma: 2.2,
  photodiodeCorner: Corner.BOTTOM_LEFT,
  photodiodeSquareCm: 2,
};
