/** Figures about recordings that follow from what the worker says. */
import { DropReason } from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import type { AcquisitionMirror } from "../../../../mirror";

export type RecordingMirror = NonNullable<AcquisitionMirror["recording"]>;

/** Why frames were lost, in words. */
export const DROP_WORDS: Readonly<Record<DropReason, string>> = {
  [DropReason.UNSPECIFIED]: "unknown reason",
  [DropReason.CAMERA_GAP]: "lost before the worker saw them",
  [DropReason.RING_FULL]: "disk too slow",
  [DropReason.WRITE_FAILED]: "disk refused them",
  [DropReason.CAMERA_ERROR]: "damaged, said the camera",
};

/** Frames lost for any reason. */
export function droppedFrames(recording: RecordingMirror): number {
  return recording.drops.reduce((sum, { frames }) => sum + frames, 0);
}

/** From 0 to 1; undefined when no end is planned. */
export function progressOf(recording: RecordingMirror): number | undefined {
  if (recording.plannedFrames === 0) return undefined;
  return Math.min(1, recording.capturedFrames / recording.plannedFrames);
}

/** Time to the planned end at the pace so far; undefined when no end is planned or no pace is known. */
export function secondsLeft(recording: RecordingMirror): number | undefined {
  if (recording.plannedFrames === 0 || recording.elapsedS < 0.5 || recording.capturedFrames === 0) return undefined;
  const left = Math.max(0, recording.plannedFrames - recording.capturedFrames);
  return (left * recording.elapsedS) / recording.capturedFrames;
}

/** What a recording of so many frames takes. */
export interface PlanFigures {
  /** Bytes a second; undefined when no camera is live. */
  readonly bytesPerS: number | undefined;
  /** How long free space lasts at that rate. */
  readonly diskLastsS: number | undefined;
  readonly neededBytes: number | undefined;
  readonly durationS: number | undefined;
  readonly fits: boolean;
}

export function planFigures(
  acquisition: AcquisitionMirror | undefined,
  frameRateHz: number | undefined,
  plannedFrames: number,
): PlanFigures {
  const bytesPerS = acquisition && acquisition.bytesPerS > 0 ? acquisition.bytesPerS : undefined;
  const free = acquisition?.freeBytes;
  const durationS = plannedFrames > 0 && frameRateHz ? plannedFrames / frameRateHz : undefined;
  const neededBytes = durationS !== undefined && bytesPerS !== undefined ? durationS * bytesPerS : undefined;
  return {
    bytesPerS,
    diskLastsS: bytesPerS !== undefined && free !== undefined ? free / bytesPerS : undefined,
    neededBytes,
    durationS,
    fits: neededBytes === undefined || free === undefined || neededBytes <= free,
  };
}
