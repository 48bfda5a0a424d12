// @vitest-environment jsdom
import "../../../support/page-globals";
import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PanelBoundary } from "../../../../../src/renderer/operator/features/stage/panel-boundary";

afterEach(cleanup);

let broken = true;
function Fragile() {
  if (broken) throw new Error("There is no such field.");
  return <p>drawn</p>;
}

describe("PanelBoundary", () => {
  it("keeps a failure to its place, says what it was, and tries again when asked", async () => {
    // React tells the console of every error that a boundary catches.
    const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const user = userEvent.setup({ delay: null });
    render(
      <MantineProvider env="test">
        <p>beside it</p>
        <PanelBoundary name="The panel">
          <Fragile />
        </PanelBoundary>
      </MantineProvider>,
    );
    expect(screen.getByText("beside it")).toBeTruthy();
    expect(screen.getByRole("alert").textContent).toContain("The panel cannot be shown");
    expect(screen.getByRole("alert").textContent).toContain("There is no such field.");
    broken = false;
    await user.click(screen.getByRole("button", { name: /Dismiss/ }));
    expect(screen.getByText("drawn")).toBeTruthy();
    told.mockRestore();
  });
});
