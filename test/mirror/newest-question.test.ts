import { expect, it } from "vitest";
import { asking } from "../../src/mirror/newest-question";

it("only the newest question of a name counts, of each asker its own", () => {
  const [one, other] = [{}, {}];
  const first = asking(one, "runs");
  expect(first()).toBe(true);
  const presets = asking(one, "presets");
  const others = asking(other, "runs");
  const second = asking(one, "runs");
  expect([first(), second(), presets(), others()]).toEqual([false, true, true, true]);
});
