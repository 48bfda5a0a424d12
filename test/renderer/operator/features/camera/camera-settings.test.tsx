// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { CameraSettings } from "../../../../../src/renderer/operator/features/camera/camera-settings";
import { renderPanel } from "../../../support/render-panel";

it("shows what the configuration knows of the camera, and changes it in a run where the schema says so", async () => {
  const { user, instrument } = renderPanel(<CameraSettings />, ({ configuration }) => configuration.holdForRun(true));
  const size = await screen.findByRole<HTMLInputElement>("spinbutton", { name: "Pixel size" });
  expect(size.placeholder).toBe("not set");
  await user.type(size, "6.5{Enter}");
  await waitFor(() => {
    expect(instrument.configuration.states.current.configuration?.camera?.umPerPx).toBe(6.5);
  });
  // The camera's own settings are its own affair.
  expect(screen.queryByRole("spinbutton", { name: "Exposure" })).toBeNull();
});
