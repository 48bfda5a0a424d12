// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { AcquisitionPhase } from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { CameraPhase } from "../../../../../gen/ts/macroscope/camera/v1/camera_pb";
import { openTab, renderWindow } from "../../../support/render-window";

const button = (name: string) => screen.getByRole("button", { name });
/** A disabled button keeps the focus, so that it can say why. */
const disabled = (name: string) => button(name).getAttribute("aria-disabled") === "true";
const state = () => screen.getByRole("status", { name: "State" }).textContent;

async function live() {
  const rendered = renderWindow();
  await openTab(rendered.user, "Record");
  await waitFor(() => {
    expect(disabled("Record")).toBe(false);
  });
  return rendered;
}

describe("top line", () => {
  it("records and stops by button", async () => {
    const { instrument, user } = await live();
    expect(state()).toBe("Live");
    expect(disabled("Stop")).toBe(true);
    await user.click(button("Record"));
    await waitFor(() => {
      expect(state()).toBe("Recording");
    });
    expect(instrument.asked.at(-1)?.request).toMatchObject({ name: "run", plannedFrames: 0n });
    expect(screen.queryByRole("button", { name: "Record" })).toBeNull();
    await user.click(button("Stop"));
    await waitFor(() => {
      expect(state()).toBe("Live");
    });
  });

  it("records by R and stops by Shift+Esc, even while something is typed", async () => {
    const { instrument, user } = await live();
    await user.keyboard("r");
    await waitFor(() => {
      expect(state()).toBe("Recording");
    });
    await openTab(user, "Camera");
    await user.click(screen.getByRole("spinbutton", { name: "Gain" }));
    await user.keyboard("r");
    await user.keyboard("{Shift>}{Escape}{/Shift}");
    await waitFor(() => {
      expect(state()).toBe("Live");
    });
    expect(instrument.asked.filter(({ method }) => method === "startRecording")).toHaveLength(1);
    expect(instrument.asked.filter(({ method }) => method === "stopRecording")).toHaveLength(1);
  });

  it("does not take an R that is typed into a field for a command", async () => {
    const { instrument, user } = await live();
    await user.type(screen.getByRole("textbox", { name: "Name" }), "r");
    expect(instrument.asked.some(({ method }) => method === "startRecording")).toBe(false);
  });

  it("never disables Stop while something runs, not even when the worker does not answer", async () => {
    const { instrument } = renderWindow((fake) => {
      fake.changeAcquisition({ phase: AcquisitionPhase.RECORDING });
    });
    await waitFor(() => {
      expect(disabled("Stop")).toBe(false);
    });
    instrument.channels.worker.set({ phase: "stale" });
    await waitFor(() => {
      expect(state()).toBe("No answer");
    });
    expect(disabled("Stop")).toBe(false);
    instrument.channels.worker.set({ phase: "live" });
    instrument.changeAcquisition({ phase: AcquisitionPhase.STOPPING });
    await waitFor(() => {
      expect(state()).toBe("Finishing");
    });
    expect(disabled("Stop")).toBe(false);
  });

  it("does not record without a live camera or with a name that is no file name", async () => {
    const { instrument, user } = await live();
    const name = screen.getByRole("textbox", { name: "Name" });
    await user.clear(name);
    await user.type(name, "a/b");
    expect(disabled("Record")).toBe(true);
    await user.clear(name);
    await user.type(name, "mouse-12");
    expect(disabled("Record")).toBe(false);
    instrument.changeCamera({ phase: CameraPhase.CLOSED });
    await waitFor(() => {
      expect(disabled("Record")).toBe(true);
    });
    // Heads of panels are banners to this library, not to a browser.
    const [topLine] = screen.getAllByRole("banner");
    expect(within(topLine ?? document.body).queryByText("simulated")).toBeNull();
  });
});
