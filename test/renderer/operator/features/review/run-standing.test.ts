import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { RecordingOutcome } from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { RunEntrySchema } from "../../../../../gen/ts/macroscope/acquisition/v1/runs_pb";
import { RunOutcome } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { toPlain } from "../../../../../src/mirror";
import {
  entryStanding,
  runName,
  runStanding,
  startedText,
} from "../../../../../src/renderer/operator/features/review/run-standing";
import { runAt } from "../../../support/fake-run";

const { COMPLETE, FAILED, INCOMPLETE } = RecordingOutcome;

describe("entryStanding", () => {
  it.each([
    ["complete", "ok", { outcome: COMPLETE, completeSweeps: 40, plannedSweeps: 40 }],
    ["recorded", "ok", { outcome: COMPLETE }],
    ["stopped early", "warn", { outcome: COMPLETE, completeSweeps: 17, plannedSweeps: 40 }],
    ["frames lost", "warn", { outcome: COMPLETE, droppedFrames: 1n }],
    ["cut short", "warn", { outcome: INCOMPLETE }],
    ["failed", "alarm", { outcome: FAILED, droppedFrames: 1n }],
    ["unreadable", "alarm", { outcome: COMPLETE, problem: "run.json is cut off." }],
  ])("%s, %s", (word, tone, entry) => {
    expect(entryStanding(toPlain(create(RunEntrySchema, entry)))).toEqual({ word, tone });
  });
});

describe("runStanding", () => {
  it("never calls a run with lost frames complete", () => {
    const standing = (change: Parameters<typeof runAt>[0]) => runStanding(toPlain(runAt(change))).word;
    expect(standing({ outcome: RunOutcome.COMPLETE })).toBe("complete");
    expect(standing({ outcome: RunOutcome.COMPLETE, droppedFrames: 1n })).toBe("frames lost");
    expect(standing({ outcome: RunOutcome.STOPPED })).toBe("stopped early");
    expect(standing({ outcome: RunOutcome.FAILED })).toBe("failed");
  });
});

describe("runName", () => {
  it("leaves out the time that a folder's name begins with", () => {
    expect(runName("20260301-101500_mouse12")).toBe("mouse12");
    expect(runName("20260301-101500_mouse_12_b")).toBe("mouse_12_b");
    expect(runName("20260301T101500Z-mouse")).toBe("20260301T101500Z-mouse");
    expect(runName("mouse")).toBe("mouse");
  });
});

describe("startedText", () => {
  it("has the day only when it is another one", () => {
    const started = new Date(2026, 2, 1, 10, 15);
    const ns = `${started.getTime()}000000`;
    expect(startedText(ns, started.getTime() + 60_000)).toBe("10:15");
    expect(startedText(ns, started.getTime() + 86_400_000)).toBe("1 Mar 10:15");
    expect(startedText("0", 0)).toBe("");
  });
});
