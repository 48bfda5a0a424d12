// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { RunStep, SweepOutcome, WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { runAt, STATED_NS, sweepAt, sweepsUpTo } from "../../../support/fake-run";
import { renderWindow } from "../../../support/render-window";

const progress = () => within(screen.getByRole("region", { name: "Progress" }));
const rows = () =>
  within(progress().getByRole("list", { name: "Sweeps by direction" }))
    .getAllByRole("listitem")
    .map(({ textContent }) => textContent);

function acquiring(change: Parameters<typeof runAt>[0] = {}) {
  return renderWindow((fake) => {
    fake.workflow.change({ phase: WorkflowPhase.ACQUISITION, run: runAt(change), statedNs: STATED_NS });
  });
}

describe("run progress", () => {
  it("says what happens, how long still, and every count", async () => {
    acquiring({ droppedFrames: 3n });
    await screen.findByRole("region", { name: "Progress" });
    expect(progress().getByText("11 s left")).toBeTruthy();
    const figures = ["Elapsed", "Remaining", "Frames", "Dropped"].map(
      (term) => progress().getByText(term).nextElementSibling?.textContent,
    );
    expect(figures).toEqual(["06:21", "09:08", "11,436", "3"]);
    expect(progress().getByRole("progressbar", { name: "Whole run" }).getAttribute("aria-valuenow")).toMatch(/^4[01]/);
  });

  it("has every direction in words, with what was broken", async () => {
    const shown = [...sweepsUpTo(15), sweepAt(15, 15, SweepOutcome.BROKEN)];
    acquiring({ shown, step: RunStep.PAUSED, stepEndsNs: 0n });
    await screen.findByText("until you resume");
    expect(rows().slice(0, 2)).toEqual([
      expect.stringContaining("Left to right: 10 of 10 complete"),
      expect.stringContaining("Right to left: 5 of 10 complete, 1 broken"),
    ]);
  });

  it("says why the last sweep does not count, until it was shown again", async () => {
    const shown = [...sweepsUpTo(2), sweepAt(2, 2, SweepOutcome.BROKEN), sweepAt(3, 2, SweepOutcome.RUNNING)];
    const { instrument } = acquiring({ shown: shown.slice(0, 3) });
    await screen.findByText("▲ Left to right, sweep 3: The stimulus window closed in the sweep.");
    instrument.workflow.change({ run: runAt({ shown }) });
    await waitFor(() => {
      expect(progress().queryByText(/▲/)).toBeNull();
    });
  });

  it("becomes a bar where the sweeps are too many for cells", async () => {
    acquiring({ sweepsPerDirection: 100, sweeps: 400 });
    await screen.findByRole("region", { name: "Progress" });
    expect(rows()[0]).toContain("10/100");
  });

  it("stands still and says how old it is when the worker does not answer", async () => {
    const { instrument } = acquiring();
    await screen.findByText("11 s left");
    instrument.channels.worker.set({ phase: "stale" });
    await progress().findByText(/^As heard \d+.s ago$/);
    expect(progress().getByText("11 s left")).toBeTruthy();
    instrument.workflow.change({ phase: WorkflowPhase.REVIEW });
    await waitFor(() => {
      expect(screen.queryByRole("region", { name: "Progress" })).toBeNull();
    });
  });
});
