// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { CameraPhase } from "../../../../../gen/ts/macroscope/camera/v1/camera_pb";
import { renderWindow } from "../../../support/render-window";

describe("preview pane", () => {
  it("says that nothing can be drawn where that is so, and that recording does not mind", async () => {
    // jsdom has neither workers nor canvases.
    renderWindow();
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("The picture cannot be drawn here");
    expect(alert.textContent).toContain("OffscreenCanvas");
    expect(alert.textContent).toContain("Recording is not touched");
  });

  it("says what it waits for, and what to do without a camera", async () => {
    const { instrument } = renderWindow();
    await screen.findByText("Waiting for the first picture.");
    instrument.changeCamera({ phase: CameraPhase.CLOSED });
    await screen.findByText("No camera is live. Choose one on the right.");
  });

  it("has its tools by button and by key", async () => {
    const { user } = renderWindow();
    const auto = await screen.findByRole("button", { name: "Auto" });
    expect(auto.getAttribute("aria-pressed")).toBe("true");
    await user.keyboard("a");
    expect(auto.getAttribute("aria-pressed")).toBe("false");
    const mark = screen.getByRole<HTMLInputElement>("switch", { name: "Mark saturated pixels" });
    expect(mark.checked).toBe(true);
    await user.keyboard("m");
    expect(mark.checked).toBe(false);
  });

  it("takes a contrast level as a number, and restores it on Esc", async () => {
    const { user } = renderWindow();
    const white = await screen.findByRole<HTMLInputElement>("textbox", { name: "White at" });
    expect(white.value).toBe("255");
    await user.clear(white);
    await user.type(white, "100{Enter}");
    expect(white.value).toBe("100");
    await user.clear(white);
    await user.type(white, "7{Escape}");
    expect(white.value).toBe("100");
    await user.click(screen.getByRole("button", { name: "Full" }));
    await waitFor(() => {
      expect(white.value).toBe("255");
    });
  });
});
