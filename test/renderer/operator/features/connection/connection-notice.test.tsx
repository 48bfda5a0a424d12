// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { AcquisitionPhase } from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { WorkerPhase, WorkerProcessSchema } from "../../../../../gen/ts/macroscope/application/v1/application_pb";
import { fakeServer } from "../../../support/fake-channel";
import type { FakeInstrument } from "../../../support/fake-instrument";
import { renderWindow } from "../../../support/render-window";

function loseWorker(instrument: FakeInstrument) {
  instrument.breakWorkerStreams();
  instrument.channels.worker.set({ phase: "lost", reason: "The process ended." });
  instrument.worker.push(
    create(WorkerProcessSchema, { phase: WorkerPhase.RESTARTING, reason: "Killed by signal 9.", nextStartInMs: 1800 }),
  );
}

describe("connection notice", () => {
  it("says at once that the worker is lost, when it comes back, and what it means for the recording", async () => {
    const { instrument } = renderWindow((fake) => {
      fake.changeAcquisition({ phase: AcquisitionPhase.RECORDING });
    });
    await screen.findByRole("spinbutton", { name: "Exposure" });
    expect(screen.queryByText("The worker stopped")).toBeNull();
    loseWorker(instrument);
    await screen.findByText("The worker stopped");
    expect(screen.getByText("Killed by signal 9.")).toBeTruthy();
    expect(screen.getByText(/Restarting in [12] s \(1 of 3 within a minute\)\./)).toBeTruthy();
    expect(screen.getByText(/A recording was running/)).toBeTruthy();
  });

  it("stays, with the reason, while the worker starts again, and is not there at the first start", async () => {
    const { instrument } = renderWindow();
    await screen.findByRole("spinbutton", { name: "Exposure" });
    instrument.worker.push(create(WorkerProcessSchema, { phase: WorkerPhase.STARTING, restarts: 0 }));
    await screen.findByText("Starting");
    expect(screen.queryByText("The worker stopped")).toBeNull();
    loseWorker(instrument);
    await screen.findByText("The worker stopped");
    const reason = "Killed by signal 9.";
    instrument.worker.push(create(WorkerProcessSchema, { phase: WorkerPhase.STARTING, restarts: 1, reason }));
    await screen.findByText(/Restarting now/);
    expect(screen.getByText(reason)).toBeTruthy();
  });

  it("goes away when the worker is back, without a reload", async () => {
    const { instrument } = renderWindow();
    await screen.findByRole("spinbutton", { name: "Exposure" });
    loseWorker(instrument);
    await screen.findByText("The worker stopped");
    instrument.worker.push(create(WorkerProcessSchema, { phase: WorkerPhase.RUNNING, epoch: 2n }));
    instrument.channels.worker.set({ phase: "live", server: fakeServer(2n) });
    await waitFor(() => {
      expect(screen.queryByText("The worker stopped")).toBeNull();
    });
    const exposure = await screen.findByRole<HTMLInputElement>("spinbutton", { name: "Exposure" });
    expect(exposure.disabled).toBe(false);
  });

  it("shows the last lines of a worker that was given up, and starts it again", async () => {
    const { instrument, user } = renderWindow((fake) => {
      fake.channels.worker.set({ phase: "lost" });
      fake.worker.push(
        create(WorkerProcessSchema, {
          phase: WorkerPhase.GAVE_UP,
          reason: "Ended 4 times within 60 s.",
          lastLines: ["Traceback", "ImportError: libpylonbase.so.9"],
        }),
      );
    });
    await screen.findByText("Ended 4 times within 60 s.");
    expect(screen.getByText(/libpylonbase/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Start the worker again" }));
    await waitFor(() => {
      expect(instrument.asked.some(({ method }) => method === "startWorker")).toBe(true);
    });
  });

  it("tells silence from loss, and loss of the host from loss of the worker", async () => {
    const { instrument } = renderWindow();
    await screen.findByRole("spinbutton", { name: "Exposure" });
    instrument.channels.worker.set({ phase: "stale" });
    await screen.findByText("The worker does not answer");
    instrument.channels.worker.set({ phase: "connecting", attempt: 2 });
    await screen.findByText(/attempt 2/);
    instrument.channels.host.set({ phase: "lost", reason: "The port was closed." });
    await screen.findByText("The connection to the program behind this window is lost");
  });

  it("says why a connection was refused", async () => {
    renderWindow((fake) => {
      fake.channels.worker.set({ phase: "refused", reason: "It speaks protocol 2." });
    });
    await screen.findByText("It speaks protocol 2.");
  });

  it("is silent while the window is only starting", async () => {
    renderWindow((fake) => {
      fake.channels.worker.set({ phase: "connecting", server: undefined });
    });
    await screen.findByText("Connecting");
    expect(screen.queryByText(/lost/)).toBeNull();
  });
});
