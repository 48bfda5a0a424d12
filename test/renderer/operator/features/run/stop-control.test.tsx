// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, it, vi } from "vitest";
import { create } from "@bufbuild/protobuf";
import {
  AcquisitionPhase,
  RecordingSummarySchema,
} from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { RunStep, StopMode, WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { runAt } from "../../../support/fake-run";
import { renderWindow } from "../../../support/render-window";
import type { FakeInstrument } from "../../../support/fake-instrument";

const stop = () => screen.getByRole("button", { name: "Stop" });
const stops = (instrument: FakeInstrument) =>
  instrument.asked
    .filter(({ method }) => method === "stopRun")
    .map(({ request }) => (request as { mode: number }).mode);

async function running(change: Parameters<typeof runAt>[0] = {}) {
  const rendered = renderWindow((fake) => {
    fake.workflow.change({ phase: WorkflowPhase.ACQUISITION, run: runAt(change) });
  });
  await waitFor(() => {
    expect(stop().getAttribute("aria-disabled")).toBeNull();
  });
  return rendered;
}

afterEach(() => {
  vi.useRealTimers();
});

describe("Stop in a run", () => {
  it("stops now by button and by Shift+Esc, after the sweep by its menu", async () => {
    const { instrument, user } = await running();
    await user.click(screen.getByRole("button", { name: "Ways to stop" }));
    await user.click(await screen.findByRole("menuitem", { name: /Stop after this sweep/ }));
    await waitFor(() => {
      expect(stops(instrument)).toEqual([StopMode.AFTER_SWEEP]);
    });
    await user.keyboard("{Shift>}{Escape}{/Shift}");
    await waitFor(() => {
      expect(stops(instrument)).toEqual([StopMode.AFTER_SWEEP, StopMode.NOW]);
    });
  });

  it("stops when Esc is held, even in a field, and not when it is touched", async () => {
    const { instrument, user } = await running();
    await user.click(screen.getByRole("spinbutton", { name: "Gain" }));
    vi.useFakeTimers();
    const field = document.activeElement ?? document.body;
    fireEvent.keyDown(field, { key: "Escape" });
    vi.advanceTimersByTime(1000);
    fireEvent.keyUp(field, { key: "Escape" });
    vi.advanceTimersByTime(5000);
    expect(stops(instrument)).toEqual([]);
    fireEvent.keyDown(field, { key: "Escape" });
    fireEvent.keyDown(field, { key: "Escape", repeat: true });
    expect(screen.getByText("Keep holding Esc")).toBeTruthy();
    vi.advanceTimersByTime(1300);
    fireEvent.keyUp(field, { key: "Escape" });
    vi.useRealTimers();
    await waitFor(() => {
      expect(stops(instrument)).toEqual([StopMode.NOW]);
    });
  });

  it("is never disabled while a run goes on, whatever is lost", async () => {
    const { instrument } = await running({ step: RunStep.PAUSED });
    instrument.channels.worker.set({ phase: "lost" });
    await screen.findByText("as last heard");
    expect(stop().getAttribute("aria-disabled")).toBeNull();
  });

  it("tells when it was not answered, so that it is pressed again", async () => {
    const { instrument, user } = await running();
    instrument.refusals.set("stopRun", new ConnectError("The worker did not answer in time.", Code.DeadlineExceeded));
    await user.click(stop());
    expect((await screen.findByText(/The worker did not answer in time/)).textContent).toContain("press Stop again");
    await user.click(stop());
    await waitFor(() => {
      expect(screen.queryByText(/did not answer in time/)).toBeNull();
    });
  });
});

describe("Stop after a fault", () => {
  it("stops the recording that is still there: the run is the worker's no more", async () => {
    const { instrument, user } = renderWindow((fake) => {
      fake.workflow.change({ phase: WorkflowPhase.ERROR, recoversTo: WorkflowPhase.REVIEW, run: runAt() });
      fake.changeAcquisition({
        phase: AcquisitionPhase.RECORDING,
        recording: create(RecordingSummarySchema, { runId: "run", capturedFrames: 10n }),
      });
    });
    await waitFor(() => {
      expect(stop().getAttribute("aria-disabled")).toBeNull();
    });
    await user.click(stop());
    await waitFor(() => {
      expect(instrument.asked.some(({ method }) => method === "stopRecording")).toBe(true);
    });
    expect(stops(instrument)).toEqual([]);
  });
});

describe("Stop without anything to stop", () => {
  it("says so, and does nothing", async () => {
    const { instrument, user } = renderWindow();
    await screen.findByRole("button", { name: "Run checks" });
    expect(stop().getAttribute("aria-disabled")).toBe("true");
    expect(stop().title).toBe("Nothing is being recorded.");
    await user.click(stop());
    expect(instrument.asked.some(({ method }) => method.startsWith("stop"))).toBe(false);
    expect(screen.queryByRole("button", { name: "Ways to stop" })).toBeNull();
  });
});
