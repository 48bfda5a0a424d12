// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import {
  AcquisitionPhase,
  DropReason,
  RecordingOutcome,
  RecordingSummarySchema,
} from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { openTab, renderWindow } from "../../../support/render-window";

const panel = () => within(screen.getByRole("region", { name: "Recording" }));

/** The value that stands beside a term. */
const valueOf = (term: string) => panel().getByText(term).nextElementSibling?.textContent;

async function recordTab(prepare?: Parameters<typeof renderWindow>[0]) {
  const rendered = renderWindow(prepare);
  await openTab(rendered.user, "Record");
  return rendered;
}

const RUNNING = {
  runId: "r1",
  directory: "/data/r1",
  plannedFrames: 1000n,
  capturedFrames: 500n,
  writtenFrames: 498n,
  durableFrames: 480n,
  bytesWritten: 1_000_000_000n,
  elapsedS: 20,
  outcome: RecordingOutcome.INCOMPLETE,
};

describe("recording panel", () => {
  it("derives rate, time and space from what is typed", async () => {
    const { user } = await recordTab();
    await waitFor(() => {
      expect(valueOf("Data")).toBe("62.9 MB/s");
    });
    expect(valueOf("Disk lasts")).toBe("109 min");
    const frames = screen.getByRole("spinbutton", { name: "Frames" });
    await user.clear(frames);
    await user.type(frames, "22260");
    expect(valueOf("Takes")).toBe("12 min at 30.0 Hz");
    expect(valueOf("Needs")).toBe("46.7 GB");
    await user.clear(frames);
    await user.type(frames, "90000000");
    expect(panel().getByText("It does not fit")).toBeTruthy();
  });

  it.each([
    ["1e3", 1000n],
    ["12,0", 12n],
    [" 90 ", 90n],
    ["", 0n],
  ])("asks for the frames that %j was judged to be", async (text, plannedFrames) => {
    const { user, instrument } = await recordTab();
    const frames = screen.getByRole("spinbutton", { name: "Frames" });
    await user.clear(frames);
    if (text !== "") await user.type(frames, text);
    await user.click(panel().getByRole("button", { name: /^Record/ }));
    await waitFor(() => {
      expect(instrument.asked.findLast(({ method }) => method === "startRecording")?.request).toMatchObject({
        plannedFrames,
      });
    });
  });

  it.each([
    ["-5", "Frames can be 0 to 100000000."],
    ["1e12", "Frames can be 0 to 100000000."],
    ["1,5", "Frames is a whole number."],
    ["1,000", "Frames: a comma may part thousands or decimals; type 1000."],
  ])("does not record %j frames", async (text, problem) => {
    const { user } = await recordTab();
    const frames = screen.getByRole("spinbutton", { name: "Frames" });
    await user.clear(frames);
    await user.type(frames, text);
    expect(panel().getByText(problem)).toBeTruthy();
  });

  it("shows every count of a running recording, and what was lost by what", async () => {
    const drops = [{ reason: DropReason.RING_FULL, frames: 41n }];
    await recordTab((instrument) => {
      const recording = create(RecordingSummarySchema, { ...RUNNING, drops });
      instrument.changeAcquisition({ phase: AcquisitionPhase.RECORDING, recording });
    });
    await waitFor(() => {
      expect(valueOf("Captured")).toBe("500");
    });
    expect(["Written", "Durable", "Dropped", "Time", "Size", "Free"].map(valueOf)).toEqual([
      "498",
      "480",
      "41",
      "00:20",
      "1.0 GB",
      "412 GB",
    ]);
    expect(panel().getByText("41 disk too slow")).toBeTruthy();
    expect(panel().getByText("500 of 1,000 frames")).toBeTruthy();
    expect(panel().getByText("00:20 left")).toBeTruthy();
  });

  it("sums up the last recording with its folder, until dismissed", async () => {
    const { user } = await recordTab((instrument) => {
      const recording = create(RecordingSummarySchema, {
        ...RUNNING,
        durableFrames: 1000n,
        outcome: RecordingOutcome.COMPLETE,
      });
      instrument.changeAcquisition({ recording });
    });
    await screen.findByText("Recorded, nothing lost");
    expect(panel().getByText("/data/r1")).toBeTruthy();
    await user.click(panel().getByRole("button", { name: "Copy path" }));
    await panel().findByText("Copied");
    expect(await navigator.clipboard.readText()).toBe("/data/r1");
    await user.click(panel().getByRole("button", { name: /Dismiss/ }));
    expect(screen.queryByText("Recorded, nothing lost")).toBeNull();
  });

  it("says why a recording failed and what to do", async () => {
    await recordTab((instrument) => {
      const recording = create(RecordingSummarySchema, {
        ...RUNNING,
        outcome: RecordingOutcome.FAILED,
        fault: { message: "The disk is full.", remedy: "Free space." },
      });
      instrument.changeAcquisition({ recording });
    });
    expect(await screen.findByText("The disk is full. Free space.")).toBeTruthy();
  });

  it("says why a recording did not start", async () => {
    const { instrument, user } = await recordTab();
    const error = new ConnectError("187 GB are needed, 41 GB are free.", Code.ResourceExhausted);
    instrument.refusals.set("startRecording", error);
    const record = await screen.findByRole<HTMLButtonElement>("button", { name: "Record" });
    await waitFor(() => {
      expect(record.getAttribute("aria-disabled")).toBeNull();
    });
    await user.click(record);
    await panel().findByText("187 GB are needed, 41 GB are free.");
  });
});
