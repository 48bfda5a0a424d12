// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { AcquisitionPhase } from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { CameraPhase, ListCamerasResponseSchema } from "../../../../../gen/ts/macroscope/camera/v1/camera_pb";
import { CameraPanel } from "../../../../../src/renderer/operator/features/camera/camera-panel";
import { UNAVAILABLE } from "../../../support/fake-cameras";
import { renderPanel } from "../../../support/render-panel";

const picker = () => screen.findByRole<HTMLButtonElement>("combobox", { name: "Camera" });

describe("camera picker", () => {
  it("names the live camera and makes another one live", async () => {
    const { instrument, user } = renderPanel(<CameraPanel />);
    await waitFor(async () => {
      expect((await picker()).textContent).toContain("Simulated cortex");
    });
    await user.click(await picker());
    await user.click(await screen.findByRole("option", { name: /Emulation \(0815-0001\)/ }));
    await waitFor(() => {
      expect(instrument.cameras.current.camera?.id).toBe("pylon:0815-0001");
    });
    await waitFor(async () => {
      expect((await picker()).textContent).toContain("0815-0001");
    });
  });

  it("lists drivers that cannot work, with the reason, and does not let them be chosen", async () => {
    const { instrument, user } = renderPanel(<CameraPanel />);
    await user.click(await picker());
    const option = await screen.findByRole("option", { name: /PySpin is not installed/ });
    await user.click(option);
    expect(instrument.asked.some(({ method }) => method === "selectCamera")).toBe(false);
    expect(screen.getByText("2 drivers not available")).toBeTruthy();
  });

  it("says why a camera was not opened", async () => {
    const { instrument, user } = renderPanel(<CameraPanel />);
    await user.click(await picker());
    const gone = await screen.findByRole("option", { name: /DemoCamera/ });
    instrument.listing = create(ListCamerasResponseSchema, { unavailableDrivers: UNAVAILABLE });
    await user.click(gone);
    await screen.findByText(/There is no camera micromanager:DCam/);
  });

  it("is locked while a recording runs", async () => {
    renderPanel(<CameraPanel />, (instrument) => {
      instrument.changeAcquisition({ phase: AcquisitionPhase.RECORDING });
    });
    await waitFor(async () => {
      expect((await picker()).disabled).toBe(true);
    });
  });

  it("says what to do when no camera was found", async () => {
    renderPanel(<CameraPanel />, (instrument) => {
      instrument.listing = create(ListCamerasResponseSchema);
      instrument.changeCamera({ phase: CameraPhase.CLOSED, camera: undefined });
    });
    expect((await picker()).textContent).toContain("Choose a camera");
    expect((await screen.findAllByText(/No camera was found/)).length).toBeGreaterThan(0);
  });

  it("does not say that there is none when the list did not come, and asks again when it is opened", async () => {
    const lost = () => new ConnectError("The worker took too long.", Code.DeadlineExceeded);
    const { instrument, store, user } = renderPanel(<CameraPanel />, (one) => one.refusals.set("listCameras", lost()));
    await waitFor(() => {
      expect(store.getState().commands.listCameras.error).not.toBeNull();
    });
    instrument.refusals.set("listCameras", lost());
    await user.click(await picker());
    await screen.findByText("The cameras were not listed: The worker took too long. Press Rescan.");
    expect(screen.queryByText(/No camera was found/)).toBeNull();
    await user.keyboard("{Escape}");
    await user.click(await picker());
    await screen.findByRole("option", { name: /Emulation \(0815-0001\)/ });
  });

  it("asks the drivers again", async () => {
    const { instrument, user } = renderPanel(<CameraPanel />);
    await picker();
    await waitFor(() => {
      expect(screen.getByRole<HTMLButtonElement>("button", { name: "Rescan" }).disabled).toBe(false);
    });
    await user.click(screen.getByRole("button", { name: "Rescan" }));
    await waitFor(() => {
      expect(instrument.asked.at(-1)).toMatchObject({ method: "listCameras", request: { rescan: true } });
    });
  });
});
