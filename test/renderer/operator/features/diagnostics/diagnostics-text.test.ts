import { describe, expect, it } from "vitest";
import {
  clockText,
  durationText,
  errorsText,
  methodText,
  rateText,
  roleText,
} from "../../../../../src/renderer/operator/features/diagnostics/diagnostics-text";

const plain = (text: string) => text.replace(/\s/g, " ");

describe("diagnostics in words", () => {
  it.each([
    ["/macroscope.camera.v1.CameraService/WatchPreview", "Camera · WatchPreview"],
    ["/s/M", "s · M"],
  ])("names %s", (path, text) => {
    expect(methodText(path)).toBe(text);
  });

  it.each([
    [0, "–"],
    [0.214, "0.21 ms"],
    [5.55, "5.5 ms"],
    [12.4, "12 ms"],
    [1500, "1.5 s"],
    [600_000, "10 min"],
  ])("a time of %d ms", (ms, text) => {
    expect(plain(durationText(ms))).toBe(text);
  });

  it.each([
    [{ offsetMs: 12.345, errorMs: 0.061 }, "+12.35 ms ± 0.06 ms"],
    [{ offsetMs: -0.5, errorMs: 0.5 }, "−0.50 ms ± 0.50 ms"],
    [{ offsetMs: 7_200_000, errorMs: 0.06 }, "+7,200 s ± 0.06 ms"],
    [null, "–"],
  ])("a clock", (clock, text) => {
    expect(plain(clockText(clock))).toBe(text);
  });

  it("says rates, roles and errors", () => {
    expect(plain(rateText(15_728_640, "B"))).toBe("15.7 MB/s");
    expect([rateText(29.97, ""), rateText(0.2, ""), rateText(0, "B")]).toEqual(["30/s", "0.2/s", "–"]);
    expect([roleText(2), roleText(77)]).toEqual(["operator", "–"]);
    expect(
      errorsText([
        { code: 5, calls: 2 },
        { code: 14, calls: 1000 },
      ]),
    ).toBe("2 not found, 1,000 unavailable");
  });
});
