// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderWindow } from "../../../support/render-window";

describe("list of shortcuts", () => {
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
