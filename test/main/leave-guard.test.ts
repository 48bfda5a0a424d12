import { describe, expect, test, vi } from "vitest";
import { LeaveGuard, type QuestionDialog } from "../../src/main/leave-guard";

function makeGuard(answer: () => Promise<{ response: number }>) {
  const showMessageBox = vi.fn<QuestionDialog["showMessageBox"]>(answer);
  const leave = vi.fn();
  const state = { goingOn: "" };
  const guard = new LeaveGuard({ dialog: { showMessageBox }, goingOn: () => state.goingOn, leave });
  return { guard, showMessageBox, leave, state };
}

describe("LeaveGuard", () => {
  test("lets go while nothing goes on", () => {
    const { guard, state } = makeGuard(() => Promise.resolve({ response: 0 }));
    expect(guard.mayLeave).toBe(true);
    state.goingOn = "A run goes on.";
    expect(guard.mayLeave).toBe(false);
  });

  test("asks once at a time, names what goes on, and keeps running unless somebody says otherwise", async () => {
    const answers: ((answer: { response: number }) => void)[] = [];
    const { guard, showMessageBox, leave, state } = makeGuard(() => new Promise((resolve) => answers.push(resolve)));
    state.goingOn = "The run 7 goes on: direction 2 of 4, sweep 7 of 10.";
    guard.ask();
    guard.ask();
    expect(showMessageBox).toHaveBeenCalledOnce();
    const asked = showMessageBox.mock.calls[0]?.[0];
    expect(asked?.message).toContain("direction 2 of 4, sweep 7 of 10");
    expect(asked?.buttons[asked.defaultId]).toBe("Keep running");
    expect(asked?.cancelId).toBe(asked?.defaultId);
    answers[0]?.({ response: 0 });
    await vi.waitFor(() => {
      guard.ask();
      expect(showMessageBox).toHaveBeenCalledTimes(2);
    });
    expect([leave.mock.calls.length, guard.mayLeave]).toEqual([0, false]);
  });

  test("leaves when somebody insists, without asking again", async () => {
    const { guard, leave, state } = makeGuard(() => Promise.resolve({ response: 1 }));
    state.goingOn = "A recording goes on.";
    guard.ask();
    await vi.waitFor(() => {
      expect(leave).toHaveBeenCalledOnce();
    });
    expect([guard.mayLeave, guard.free]).toEqual([true, true]);
  });

  test("asks nobody when the system goes down", () => {
    const { guard, state } = makeGuard(() => Promise.resolve({ response: 0 }));
    state.goingOn = "A recording goes on.";
    guard.letGo();
    expect(guard.mayLeave).toBe(true);
  });

  test("can ask again when the question itself failed", async () => {
    const errors = vi.spyOn(console, "error").mockReturnValue(undefined);
    const { guard, showMessageBox, state } = makeGuard(() => Promise.reject(new Error("no display")));
    state.goingOn = "A recording goes on.";
    guard.ask();
    await vi.waitFor(() => {
      guard.ask();
      expect(showMessageBox.mock.calls.length).toBeGreaterThan(1);
    });
    expect(String(errors.mock.calls[0])).toContain("no display");
  });
});
