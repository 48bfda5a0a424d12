// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { CHECKS, runAt } from "../../../support/fake-run";
import { renderWindow } from "../../../support/render-window";

describe("list of shortcuts", () => {
  it("has no key twice, in any phase", async () => {
    const { instrument, user } = renderWindow();
    await screen.findByRole("button", { name: "Run checks" });
    for (const phase of [WorkflowPhase.SET_UP, WorkflowPhase.PRE_FLIGHT, WorkflowPhase.ACQUISITION]) {
      instrument.workflow.change({ phase, preflight: { checks: [...CHECKS] }, run: runAt() });
      await screen.findByRole("group", { name: "Phase" });
      await user.keyboard("?");
      const dialog = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
      const sections = within(dialog).getAllByRole("group");
      const keys = sections
        .filter((section) => section.getAttribute("aria-label") !== "Fields")
        .flatMap((section) => [...section.querySelectorAll("dt")].map(({ textContent }) => textContent));
      expect(keys.length).toBeGreaterThan(20);
      expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
      await user.keyboard("{Escape}");
      await waitFor(() => {
        expect(screen.queryByRole("dialog")).toBeNull();
      });
    }
  });

  it("opens by ?, names every shortcut, and closes by Esc", async () => {
    const { user } = renderWindow();
    await user.keyboard("?");
    const dialog = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    for (const label of [
      "Record without a run",
      "Go to Set-up",
      "Fit the picture",
      "Dim the window, in steps",
      "Apply what is typed",
    ]) {
      expect(within(dialog).getByText(label)).toBeTruthy();
    }
    await user.keyboard("{Escape}");
    await waitFor(() => {
      expect(screen.queryByRole("dialog")).toBeNull();
    });
  });
});
