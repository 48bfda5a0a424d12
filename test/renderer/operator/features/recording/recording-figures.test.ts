import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import {
  AcquisitionStateSchema,
  RecordingSummarySchema,
} from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { toPlain } from "../../../../../src/mirror/from-proto";
import {
  droppedFrames,
  planFigures,
  progressOf,
  secondsLeft,
} from "../../../../../src/renderer/operator/features/recording/recording-figures";

const recording = (init: { plannedFrames?: bigint; capturedFrames?: bigint; elapsedS?: number }) =>
  toPlain(create(RecordingSummarySchema, init));
const acquisition = toPlain(create(AcquisitionStateSchema, { freeBytes: 1_000_000n, bytesPerS: 100 }));

describe("recording figures", () => {
  it("tell time left at the pace so far, when an end is planned", () => {
    expect(secondsLeft(recording({ plannedFrames: 100n, capturedFrames: 25n, elapsedS: 10 }))).toBe(30);
    expect(secondsLeft(recording({ plannedFrames: 100n, capturedFrames: 120n, elapsedS: 10 }))).toBe(0);
    expect(secondsLeft(recording({ capturedFrames: 25n, elapsedS: 10 }))).toBeUndefined();
    expect(secondsLeft(recording({ plannedFrames: 100n }))).toBeUndefined();
    expect(progressOf(recording({ plannedFrames: 100n, capturedFrames: 120n }))).toBe(1);
    expect(progressOf(recording({}))).toBeUndefined();
  });

  it("tell what a plan needs and whether it fits", () => {
    expect(planFigures(acquisition, 10, 50)).toEqual({
      bytesPerS: 100,
      diskLastsS: 10_000,
      neededBytes: 500,
      durationS: 5,
      fits: true,
    });
    expect(planFigures(acquisition, 10, 100_001).fits).toBe(false);
  });

  it("know nothing where nothing is known", () => {
    expect(planFigures(undefined, undefined, 50)).toMatchObject({
      bytesPerS: undefined,
      neededBytes: undefined,
      fits: true,
    });
    expect(planFigures({ ...acquisition, bytesPerS: 0 }, 10, 50).bytesPerS).toBeUndefined();
    expect(droppedFrames(recording({}))).toBe(0);
  });
});
