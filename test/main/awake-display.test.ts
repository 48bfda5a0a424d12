import { expect, test, vi } from "vitest";
import { AwakeDisplay } from "../../src/main/awake-display";

test("blocks the displays' sleep once, and lets go once", () => {
  const blocker = { start: vi.fn(() => 7), stop: vi.fn() };
  const display = new AwakeDisplay(blocker);
  display.keep(false);
  display.keep(true);
  display.keep(true);
  expect([blocker.start.mock.calls, blocker.stop.mock.calls]).toEqual([[["prevent-display-sleep"]], []]);
  display.keep(false);
  display.keep(false);
  expect(blocker.stop.mock.calls).toEqual([[7]]);
  display.keep(true);
  expect(blocker.start).toHaveBeenCalledTimes(2);
});
