// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { VerifyRunResponseSchema } from "../../../../../gen/ts/macroscope/acquisition/v1/runs_pb";
import { AcquisitionPhase } from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import {
  RunOutcome,
  RunStep,
  SweepOutcome,
  WorkflowPhase,
} from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { runAt, sweepAt, sweepsUpTo } from "../../../support/fake-run";
import { renderWindow } from "../../../support/render-window";

const view = () => within(screen.getByRole("region", { name: "Review" }));
const fact = (term: string) => view().getByText(term).nextElementSibling?.textContent;
const SHOWN = [
  ...sweepsUpTo(5),
  sweepAt(5, 5, SweepOutcome.BROKEN),
  sweepAt(6, 5, SweepOutcome.COMPLETE),
  sweepAt(7, 6, SweepOutcome.BROKEN),
];

async function ended(change: Parameters<typeof runAt>[0] = {}) {
  const run = runAt({ step: RunStep.ENDED, outcome: RunOutcome.STOPPED, stepEndsNs: 0n, shown: SHOWN, ...change });
  const rendered = renderWindow((fake) => {
    fake.workflow.change({ phase: WorkflowPhase.REVIEW, run });
  });
  await screen.findByRole("region", { name: "Review" });
  return rendered;
}

const verifying = () => within(view().getByRole("group", { name: "Verification" }));

describe("review", () => {
  it("sums the run up, and has every showing in its table", async () => {
    const { user } = await ended();
    expect(fact("Sweeps complete")).toBe("6 of 40");
    expect(fact("Broken on the way")).toBe("2");
    expect(fact("Flips in sweeps")).toBe("8,640");
    expect(fact("Missed refreshes")).toBe("2");
    expect(view().getAllByRole("row")).toHaveLength(9);
    await user.click(view().getByRole("checkbox", { name: /Only broken ones/ }));
    const rows = view()
      .getAllByRole("row")
      .map(({ textContent }) => textContent);
    expect(rows).toHaveLength(4);
    expect(rows[2]).toContain("The stimulus window closed in the sweep.");
    await user.click(view().getByRole("button", { name: "Copy path" }));
    expect(await navigator.clipboard.readText()).toBe("/data/macroscope/20260301-101500_mouse12");
  });

  it("has the frames that a sweep lacks, and why it does not count", async () => {
    const reason = "It lacks 40 of 540 camera frames (7.4 %, where 5 % may be missing): 40 could not be written.";
    const lacking = { ...sweepAt(0, 0, SweepOutcome.BROKEN), writtenFrames: 500n, reason };
    const whole = { ...sweepAt(1, 0, SweepOutcome.COMPLETE), writtenFrames: 539n };
    const { user } = await ended({ shown: [lacking, whole, sweepAt(2, 1, SweepOutcome.COMPLETE)] });
    expect(fact("Missing in sweeps")).toBe("41");
    await user.click(view().getByRole("checkbox", { name: /missing frames/ }));
    const rows = view()
      .getAllByRole("row")
      .map(({ textContent }) => textContent);
    expect(rows).toHaveLength(3);
    expect(rows[1]).toContain(`broken${reason}54040`);
  });

  it("says what ended it, and what to do", async () => {
    await ended({ outcome: RunOutcome.FAILED, fault: { message: "The disk is full.", remedy: "Free space." } });
    expect(view().getByRole("heading").textContent).toBe("failedmouse12");
    expect(view().getByText("The disk is full. Free space.")).toBeTruthy();
  });

  it("verifies with progress, and tells what was found", async () => {
    const { instrument, user } = await ended();
    await user.click(verifying().getByRole("button", { name: "Verify" }));
    instrument.runs.verification.push(create(VerifyRunResponseSchema, { progress: 0.374 }));
    await verifying().findByText("Reading every frame, 37 %");
    const problems = ["Frame 17 is damaged."];
    const found = { progress: 1, done: true, goodFrames: 29n, expectedFrames: 30n, flips: 60n, sweeps: 1, problems };
    instrument.runs.verification.push(create(VerifyRunResponseSchema, found));
    await verifying().findByText("Not whole");
    expect(verifying().getByText("Frame 17 is damaged.")).toBeTruthy();
    expect(verifying().getByText(/29 of 30 frames good, 60 flips, 1 sweep/)).toBeTruthy();
    const whole = { progress: 1, done: true, complete: true, goodFrames: 30n, expectedFrames: 30n };
    instrument.runs.verification.push(create(VerifyRunResponseSchema, whole));
    await user.click(verifying().getByRole("button", { name: "Verify again" }));
    await verifying().findByText(/^Whole/);
  });

  it("gives the reading up when asked, and says when it could not be done", async () => {
    const { instrument, user } = await ended();
    await user.click(verifying().getByRole("button", { name: "Verify" }));
    await user.click(await verifying().findByRole("button", { name: "Cancel" }));
    instrument.refusals.set("verifyRun", new ConnectError("It is being recorded.", Code.FailedPrecondition));
    await user.click(await verifying().findByRole("button", { name: "Verify" }));
    await verifying().findByText("It is being recorded.");
  });

  it("does not read from the disk while something is recorded", async () => {
    const { instrument, user } = await ended();
    instrument.changeAcquisition({ phase: AcquisitionPhase.RECORDING });
    const verify = verifying().getByRole("button", { name: "Verify" });
    await waitFor(() => {
      expect(verify.getAttribute("aria-disabled")).toBe("true");
    });
    await user.click(verify);
    expect(instrument.asked.some(({ method }) => method === "verifyRun")).toBe(false);
  });

  it("says what to do when there was no run", async () => {
    renderWindow((fake) => {
      fake.workflow.change({ phase: WorkflowPhase.REVIEW });
    });
    await screen.findByText(/No run has ended yet/);
  });
});
