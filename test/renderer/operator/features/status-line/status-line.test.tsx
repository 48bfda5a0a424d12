// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it, vi } from "vitest";
import { WorkerPhase, WorkerProcessSchema } from "../../../../../gen/ts/macroscope/application/v1/application_pb";
import { HardwareStatusSchema } from "../../../../../gen/ts/macroscope/monitoring/v1/monitoring_pb";
import { renderWindow } from "../../../support/render-window";

const item = (name: string) => screen.getByRole("status", { name });

describe("status line", () => {
  it("has a word and figures for each link", async () => {
    renderWindow();
    await waitFor(() => {
      expect(item("Camera").textContent).toBe("Cameralive30.0 Hz, 0 dropped");
    });
    expect(item("Worker").textContent).toBe("Workerlive0.2 ms");
    expect(item("Disk").textContent).toBe("Diskready109 min left");
    expect(item("Ring").textContent).toBe("Ringready1/64");
    expect(item("Preview").textContent).toBe("Previewnone");
  });

  it("shows what was heard last as old as soon as the worker does not answer", async () => {
    const { instrument } = renderWindow();
    await waitFor(() => {
      expect(item("Disk").textContent).toContain("ready");
    });
    instrument.channels.worker.set({ phase: "lost" });
    await waitFor(() => {
      expect(item("Disk").textContent).toMatch(/^Disk\d+ s ago109 min left$/);
    });
    expect(item("Worker").textContent).toBe("Workerlost");
    expect(item("Camera").textContent).toMatch(/\d s ago/);
  });

  it("says when frames are lost and when the disk is short", async () => {
    const { instrument } = renderWindow();
    instrument.hardware.push(
      create(HardwareStatusSchema, {
        camera: { live: true, frameRateHz: 29.4, missingFrames: 3n, damagedFrames: 1n },
        disk: { freeBytes: 5n, secondsLeft: 100 },
        ring: { slots: 64, usedSlots: 64, droppedFrames: 9n },
      }),
    );
    await waitFor(() => {
      expect(item("Camera").textContent).toBe("Cameralost frames29.4 Hz, 4 dropped");
    });
    expect(item("Disk").textContent).toBe("Disknearly full1 min left");
    expect(item("Ring").textContent).toContain("lost frames");
  });

  it("tells of a worker that answers while its camera loop hangs, and when it turns again", async () => {
    const { instrument } = renderWindow();
    const told = (stuck: boolean) => {
      const acquisition = { running: true, beats: 70n, lastBeatAgeMs: 1234, stuck };
      instrument.hardware.push(create(HardwareStatusSchema, { acquisition }));
    };
    told(true);
    await waitFor(() => {
      expect(item("Worker").textContent).toBe("Workercamera loop stuckno turn for 1 s");
    });
    expect(item("Worker").querySelector("rect")).not.toBeNull();
    told(false);
    await waitFor(() => {
      expect(item("Worker").textContent).toBe("Workerlive0.2 ms");
    });
  });

  it("tells of restarts until a minute has passed", async () => {
    const { instrument } = renderWindow();
    const restarted = (restartsInLastMinute: number) => {
      const worker = { phase: WorkerPhase.RUNNING, pid: 5, restarts: 9, restartsInLastMinute };
      instrument.worker.push(create(WorkerProcessSchema, worker));
    };
    restarted(2);
    await waitFor(() => {
      expect(item("Worker").textContent).toBe("Workerrestarted 2 times in the last minute0.2 ms");
    });
    restarted(1);
    await waitFor(() => {
      expect(item("Worker").textContent).toContain("restarted once in the last minute");
    });
    restarted(0);
    await waitFor(() => {
      expect(item("Worker").textContent).toBe("Workerlive0.2 ms");
    });
  });

  it.each([
    ["connecting", { phase: "connecting", server: undefined }, "connecting"],
    ["stale", { phase: "stale" }, "no answer"],
    ["lost", { phase: "lost" }, "lost"],
    ["refused", { phase: "refused" }, "refused"],
  ] as const)("has a word for a channel that is %s", async (_, state, word) => {
    const { instrument } = renderWindow();
    instrument.channels.worker.set(state);
    await waitFor(() => {
      expect(item("Worker").textContent).toBe(`Worker${word}`);
    });
  });

  it("says that the preview is paused while the window is hidden", async () => {
    renderWindow();
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    document.dispatchEvent(new Event("visibilitychange"));
    await waitFor(() => {
      expect(item("Preview").textContent).toBe("Previewpaused");
    });
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event("visibilitychange"));
    await waitFor(() => {
      expect(item("Preview").textContent).toBe("Previewnone");
    });
  });

  it("opens the detail of an item", async () => {
    const { user } = renderWindow();
    await waitFor(() => {
      expect(item("Worker").textContent).toContain("live");
    });
    await user.click(within(item("Worker")).getByRole("button"));
    await screen.findByText("412 MB");
    expect(screen.getByText("4711")).toBeTruthy();
  });

  it("dims the window in steps", async () => {
    const { user } = renderWindow();
    await user.keyboard("d");
    await screen.findByRole("button", { name: "Dim the window, step 1 of 3" });
    await user.keyboard("ddd");
    await screen.findByRole("button", { name: "Dim the window, step 0 of 3" });
  });
});
