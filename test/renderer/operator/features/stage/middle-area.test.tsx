// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { RunStep, Verb, WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { CHECKS, runAt, STATED_NS } from "../../../support/fake-run";
import { transitionsIn } from "../../../support/fake-workflow";
import { renderWindow } from "../../../support/render-window";

const preflight = { checks: [...CHECKS], madeNs: 5n };

describe("the middle", () => {
  it("shows what the phase is about, or the picture, and the next phase its own again", async () => {
    const { instrument, user } = renderWindow((fake) => {
      fake.workflow.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight });
    });
    await screen.findByRole("region", { name: "Pre-flight" });
    await user.keyboard("y");
    expect(screen.queryByRole("region", { name: "Pre-flight" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Checks" }));
    expect(screen.getByRole("region", { name: "Pre-flight" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Picture" }));
    instrument.workflow.change({ phase: WorkflowPhase.REVIEW, run: runAt() });
    await screen.findByRole("region", { name: "Review" });
  });

  it("keeps the picture under what covers it, out of the keyboard's way", async () => {
    const { instrument } = renderWindow();
    const picture = await screen.findByRole("group", { name: "Live preview" });
    instrument.workflow.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight });
    await screen.findByRole("region", { name: "Pre-flight" });
    expect(picture.isConnected).toBe(true);
    expect(picture.closest("[inert]")).not.toBeNull();
  });

  it("tells over the picture why a run paused by itself, and nothing of a pause that was asked for", async () => {
    const reason = "The stimulus window closed. Open it again.";
    const { instrument } = renderWindow((fake) => {
      const run = runAt({ pauseReason: reason });
      fake.workflow.change({ phase: WorkflowPhase.ACQUISITION, run });
    });
    await screen.findByText("The run pauses after this sweep");
    instrument.workflow.changeRun({ step: RunStep.PAUSED });
    await screen.findByText("The run is paused");
    expect(screen.getByText(reason)).toBeTruthy();
    expect(screen.getByRole("status", { name: "State" }).textContent).toBe("Needs a hand");
    expect(screen.getByText("The run can go on: press Resume.")).toBeTruthy();
    const gone = { id: "display_attached", reason: "No stimulus display is there.", remedy: "Open its window." };
    instrument.workflow.change({ transitions: transitionsIn(WorkflowPhase.ACQUISITION, { [Verb.RESUME_RUN]: gone }) });
    await waitFor(() => {
      expect(screen.queryByText("The run can go on: press Resume.")).toBeNull();
    });
    instrument.workflow.changeRun({ pauseReason: "" });
    await waitFor(() => {
      expect(screen.queryByText("The run is paused")).toBeNull();
    });
    expect(screen.getByRole("status", { name: "State" }).textContent).toBe("Paused");
  });

  it("tells what a run waits for that ends on a disk which does not answer, since when, and how to give up", async () => {
    const waitingFor = "The disk of /data does not answer: 7 frames wait to be written.";
    const { instrument } = renderWindow((fake) => {
      const run = runAt({
        step: RunStep.ENDING,
        stepEndsNs: 0n,
        waitingFor,
        waitingSinceNs: STATED_NS - 4_000_000_000n,
      });
      const transitions = transitionsIn(WorkflowPhase.ACQUISITION, { [Verb.STOP_NOW]: { id: "may_give_up" } });
      fake.workflow.change({ phase: WorkflowPhase.ACQUISITION, run, statedNs: STATED_NS, transitions });
    });
    await screen.findByText(/^Waiting for the disk for [45].s$/);
    expect(screen.getByText(/7 frames wait.*After 10 s Stop can give up/)).toBeTruthy();
    instrument.workflow.change({ statedNs: STATED_NS + 8_000_000_000n });
    await screen.findByText(/^Waiting for the disk for 1[23].s$/);
    expect(screen.getByText(/Stop gives up waiting/)).toBeTruthy();
    instrument.workflow.changeRun({ waitingFor: "" });
    await waitFor(() => {
      expect(screen.queryByText(/Waiting for the disk/)).toBeNull();
    });
  });
});
