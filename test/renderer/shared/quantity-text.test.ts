import { describe, expect, it } from "vitest";
import {
  bytesText,
  clockText,
  counted,
  countText,
  lastingText,
  millisecondsText,
  rateText,
} from "../../../src/renderer/shared/quantity-text";

describe("quantities", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [999.7, "1.0 kB"],
    [62_914_560, "62.9 MB"],
    [251_658_240, "252 MB"],
    [999_960_000, "1.0 GB"],
    [11_700_000_000, "11.7 GB"],
    [-5, "0 B"],
  ])("%d bytes: %s", (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it("clocks", () => {
    expect([0, 59.9, 221.3, 3600, 3821].map(clockText)).toEqual(["00:00", "00:59", "03:41", "1:00:00", "1:03:41"]);
  });

  it("how long something lasts", () => {
    expect([12.9, 59, 742, 7199, 7200, 12_000, 1e9, Infinity].map(lastingText)).toEqual([
      "12 s",
      "59 s",
      "12 min",
      "119 min",
      "2 h",
      "3 h 20 min",
      "over 100 h",
      "–",
    ]);
  });

  it("rates, counts and times", () => {
    expect([29.97, 300.2].map(rateText)).toEqual(["30.0 Hz", "300 Hz"]);
    expect([0, 999, 6620, 1234567].map(countText)).toEqual(["0", "999", "6,620", "1,234,567"]);
    expect([0.21, 12.4].map(millisecondsText)).toEqual(["0.2 ms", "12 ms"]);
    expect([counted(1, "frame"), counted(2, "frame")]).toEqual(["1 frame", "2 frames"]);
  });
});
