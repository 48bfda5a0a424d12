/** Sums over the sweeps that were shown. */
import { SweepOutcome } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { RunMirror, SweepMirror } from "../../../../mirror";

export interface FlipTotals {
  /** Places of the plan that were shown whole, each once. */
  readonly completeSweeps: number;
  readonly broken: number;
  readonly flips: number;
  readonly missedRefreshes: number;
  /** Camera frames that sweeps should have and are not on the disk. */
  readonly missingFrames: number;
}

/** Camera frames that a sweep should have and are not on the disk. */
export function missingFramesOf({ expectedFrames, writtenFrames }: SweepMirror): number {
  return Math.max(0, expectedFrames - writtenFrames);
}

export function flipTotals({ shown }: Pick<RunMirror, "shown">): FlipTotals {
  const complete = shown.filter(({ outcome }) => outcome === SweepOutcome.COMPLETE);
  return {
    completeSweeps: new Set(complete.map(({ sweepIndex }) => sweepIndex)).size,
    broken: shown.filter(({ outcome }) => outcome === SweepOutcome.BROKEN).length,
    flips: shown.reduce((sum, { flips }) => sum + flips, 0),
    missedRefreshes: shown.reduce((sum, { missedRefreshes }) => sum + missedRefreshes, 0),
    missingFrames: shown.reduce((sum, sweep) => sum + missingFramesOf(sweep), 0),
  };
}
