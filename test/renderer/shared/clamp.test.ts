import { expect, it } from "vitest";
import { clamp } from "../../../src/renderer/shared/clamp";

it("keeps what is in the range, and takes the nearer end for the rest", () => {
  expect([-1, 0, 3, 5, 9].map((value) => clamp(value, 0, 5))).toEqual([0, 0, 3, 5, 5]);
  expect(clamp(3, 2, 1)).toBe(2);
});
