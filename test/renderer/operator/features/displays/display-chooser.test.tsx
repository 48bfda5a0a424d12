// @vitest-environment jsdom
import { Code, ConnectError } from "@connectrpc/connect";
import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { ConfigurationForm } from "../../../../../src/renderer/operator/features/configuration/configuration-form";
import type { FakeInstrument } from "../../../support/fake-instrument";
import { renderPanel } from "../../../support/render-panel";

const chooser = () => screen.findByRole<HTMLSelectElement>("combobox", { name: "Shown on" });
const form = (prepare?: (instrument: FakeInstrument) => void) =>
  renderPanel(<ConfigurationForm group="display" />, prepare);

describe("the stimulus display", () => {
  it("is chosen from those that are plugged in, and what is found out about it becomes a setting", async () => {
    const { user, instrument } = form();
    const options = [...(await chooser()).options].map(({ text }) => text);
    expect(options).toEqual([
      "Choose a display",
      "1 · Built-in display · 2560 × 1600 · 60 Hz",
      "2 · DELL P2419H · 1920 × 1080 · 59.95 Hz",
    ]);
    await user.selectOptions(await chooser(), "1");
    await waitFor(() => {
      expect(instrument.configuration.states.current.configuration?.display).toMatchObject({
        displayId: "1",
        widthPx: 2560,
        heightPx: 1600,
        refreshRateHz: 60,
        widthCm: 60.96,
      });
    });
    expect(instrument.windows.states.current.stimulusDisplayId).toBe("1");
    expect((await screen.findByLabelText("Pixels across")).textContent).toBe("2560 px");
    expect(screen.queryByText(/is not plugged in/)).toBeNull();
  });

  it("says so when it is gone", async () => {
    form(({ configuration }) => {
      configuration.change({ "display.display_id": "7" }, "Anna");
    });
    expect(await screen.findByText("The stimulus display is not plugged in")).toBeTruthy();
    expect((await chooser()).selectedOptions[0]?.text).toBe("Not plugged in");
  });

  it("says so when it is not as it was, and takes it over when asked", async () => {
    const { user, instrument } = form((one) => {
      one.configuration.change({ "display.display_id": "2", "display.height_px": 1200 }, "Anna");
      one.windows.change({ stimulusDisplayId: "2" });
    });
    await user.click(await screen.findByRole("button", { name: "Take that over" }));
    await waitFor(() => {
      expect(instrument.configuration.states.current.configuration?.display).toMatchObject({ heightPx: 1080 });
    });
    await waitFor(() => {
      expect(screen.queryByText("The display is not as it was")).toBeNull();
    });
  });

  it("is put right when the window is for another", async () => {
    const { user, instrument } = form((one) => {
      one.configuration.change({ "display.display_id": "2", "display.refresh_rate_hz": 59.95 }, "Anna");
      one.windows.change({ stimulusDisplayId: "1" });
    });
    await user.click(await screen.findByRole("button", { name: "Use this display" }));
    await waitFor(() => {
      expect(instrument.windows.states.current.stimulusDisplayId).toBe("2");
    });
  });

  it("is fixed in a run, and displays are not covered with numbers then", async () => {
    form(({ configuration }) => {
      configuration.holdForRun(true);
    });
    expect((await chooser()).disabled).toBe(true);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Identify" }).disabled).toBe(true);
  });

  it("tells why displays cannot be identified or chosen", async () => {
    const { user, instrument } = form();
    instrument.refusals.set("identifyDisplays", new ConnectError("A run goes on.", Code.FailedPrecondition));
    await chooser();
    await user.click(screen.getByRole("button", { name: "Identify" }));
    expect(await screen.findByText("A run goes on.")).toBeTruthy();
    instrument.refusals.set("chooseStimulusDisplay", new ConnectError("It was just unplugged.", Code.NotFound));
    await user.selectOptions(await chooser(), "2");
    expect(await screen.findByText("It was just unplugged.")).toBeTruthy();
    expect(instrument.configuration.states.current.configuration?.display?.displayId).toBe("");
  });

  it("is told of and not chosen in a browser", async () => {
    const { store } = form();
    await chooser();
    store.dispatch({ type: "windows/windowsAbsent" });
    expect(await screen.findByText(/No stimulus display is chosen\. It is chosen in the application/)).toBeTruthy();
    expect(screen.queryByRole("combobox", { name: "Shown on" })).toBeNull();
    expect(screen.getByLabelText("Pixels down").textContent).toBe("1080 px");
  });
});
