import { expect, it } from "vitest";
import { savedText } from "../../../../../src/renderer/operator/features/presets/saved-text";

it("is the local day and minute", () => {
  const at = new Date(2026, 2, 1, 9, 5, 59).getTime();
  expect(savedText(`${String(at)}000001`)).toBe("2026-03-01 09:05");
});

it("is nothing when it is not known", () => {
  expect(savedText("0")).toBe("");
});
