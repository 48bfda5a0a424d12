// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { AcquisitionPhase } from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { CameraPhase } from "../../../../../gen/ts/macroscope/camera/v1/camera_pb";
import { CameraPanel } from "../../../../../src/renderer/operator/features/camera/camera-panel";
import { BASLER, liveState } from "../../../support/fake-cameras";
import { renderPanel } from "../../../support/render-panel";

const field = (name: string) => screen.findByRole<HTMLInputElement>("spinbutton", { name });

describe("camera controls", () => {
  it("apply on Enter, in the unit that is shown", async () => {
    const { instrument, user } = renderPanel(<CameraPanel />);
    const exposure = await field("Exposure");
    expect(exposure.value).toBe("20");
    await user.clear(exposure);
    await user.type(exposure, "12.5");
    expect(screen.getByText("changed")).toBeTruthy();
    expect(instrument.asked.some(({ method }) => method === "configureCamera")).toBe(false);
    await user.keyboard("{Enter}");
    await waitFor(() => {
      expect(instrument.cameras.current.settings?.exposureUs).toBe(12_500);
    });
    await waitFor(() => {
      expect(screen.queryByText("changed")).toBeNull();
    });
    expect(exposure.value).toBe("12.5");
  });

  it("restore on Esc", async () => {
    const { instrument, user } = renderPanel(<CameraPanel />);
    const gain = await field("Gain");
    await user.clear(gain);
    await user.type(gain, "9{Escape}");
    expect(gain.value).toBe("6");
    expect(instrument.asked.some(({ method }) => method === "configureCamera")).toBe(false);
  });

  it("keep what was typed out of range, with the reason beside it, and ask nobody", async () => {
    const { instrument, user } = renderPanel(<CameraPanel />);
    const exposure = await field("Exposure");
    await user.clear(exposure);
    await user.type(exposure, "5000{Enter}");
    expect(exposure.value).toBe("5000");
    expect(exposure.getAttribute("aria-invalid")).toBe("true");
    const note = document.getElementById(exposure.getAttribute("aria-describedby")?.split(" ")[0] ?? "");
    expect(note?.textContent).toContain("Exposure can be 0.02 to 1000 ms.");
    expect(instrument.asked.some(({ method }) => method === "configureCamera")).toBe(false);
  });

  it("keep what the worker refused, with its reason, until it is typed over", async () => {
    const { instrument, user } = renderPanel(<CameraPanel />);
    const refusal = new ConnectError("The camera is busy with its shutter.", Code.FailedPrecondition);
    instrument.refusals.set("configureCamera", refusal);
    const gain = await field("Gain");
    await user.clear(gain);
    await user.type(gain, "9{Enter}");
    await screen.findByText("The camera is busy with its shutter.");
    expect(gain.value).toBe("9");
    expect(instrument.cameras.current.settings?.gain).toBe(6);
  });

  it("do not lose what is typed when the state changes meanwhile", async () => {
    const { instrument, user } = renderPanel(<CameraPanel />);
    const gain = await field("Gain");
    await user.clear(gain);
    await user.type(gain, "9");
    instrument.changeCamera({ settings: { ...instrument.cameras.current.settings!, exposureUs: 7000 } });
    await waitFor(async () => {
      expect((await field("Exposure")).value).toBe("7");
    });
    expect(gain.value).toBe("9");
  });

  it("apply a region's fields together", async () => {
    const { instrument, user } = renderPanel(<CameraPanel />);
    const width = await field("Width");
    const left = await field("Left");
    await user.clear(width);
    await user.type(width, "512");
    await user.clear(left);
    await user.type(left, "256{Enter}");
    await waitFor(() => {
      expect(instrument.cameras.current.settings?.regionOfInterest).toMatchObject({ xPx: 256, widthPx: 512 });
    });
    await user.click(screen.getByRole("button", { name: "Full sensor" }));
    await waitFor(() => {
      expect(instrument.cameras.current.settings?.regionOfInterest).toMatchObject({ xPx: 0, widthPx: 1024 });
    });
  });

  it("apply a choice at once", async () => {
    const { instrument, user } = renderPanel(<CameraPanel />);
    await user.selectOptions(await screen.findByRole("combobox", { name: "Binning" }), "2");
    await waitFor(() => {
      expect(instrument.cameras.current.settings?.binning).toBe(2);
    });
  });

  it("show what the camera does not offer, disabled and saying so", async () => {
    renderPanel(<CameraPanel />, (instrument) => {
      instrument.cameras.push({ ...liveState(BASLER), revision: 2n });
    });
    const binning = await screen.findByLabelText<HTMLInputElement>("Binning");
    expect(binning.disabled).toBe(true);
    expect(screen.getByText("This camera does not offer it.")).toBeTruthy();
    expect((await field("Gain")).getAttribute("aria-valuetext")).toBe("192 raw");
  });

  it("hold fixed what a recording holds fixed, and nothing else", async () => {
    renderPanel(<CameraPanel />, (instrument) => {
      instrument.changeAcquisition({ phase: AcquisitionPhase.RECORDING });
    });
    await waitFor(async () => {
      expect((await field("Width")).disabled).toBe(true);
    });
    expect((await field("Exposure")).disabled).toBe(false);
  });

  it("stand under their groups", async () => {
    renderPanel(<CameraPanel />);
    const light = await screen.findByRole("group", { name: "Light" });
    expect(within(light).getAllByRole("spinbutton")).toHaveLength(2);
  });

  it("say what to do when the camera failed, and stay to be seen", async () => {
    renderPanel(<CameraPanel />, (instrument) => {
      instrument.changeCamera({
        phase: CameraPhase.FAILED,
        fault: { $typeName: "macroscope.camera.v1.CameraFault", message: "Unplugged.", remedy: "Plug it in." },
      });
    });
    expect((await screen.findAllByText(/Plug it in\./)).length).toBeGreaterThan(0);
    // What it was set to stays to be read.
    const exposure = await field("Exposure");
    expect(exposure.value).toBe("20");
    expect(exposure.disabled).toBe(true);
    expect(screen.getByText("Exposure").title).toContain("The camera has failed: choose it again first.");
  });
});
