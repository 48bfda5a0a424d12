/** Sums over the sweeps that were shown. */
import { SweepOutcome } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { RunMirror } from "../../../../mirror";

export interface FlipTotals {
  /** Places of the plan that were shown whole, each once. */
  readonly completeSweeps: number;
  readonly broken: number;
  readonly flips: number;
  readonly missedRefreshes: number;
}

export function flipTotals({ shown }: Pick<RunMirror, "shown">): FlipTotals {
  const complete = shown.filter(({ outcome }) => outcome === SweepOutcome.COMPLETE);
  return {
    completeSweeps: new Set(complete.map(({ sweepIndex }) => sweepIndex)).size,
    broken: shown.filter(({ outcome }) => outcome === SweepOutcome.BROKEN).length,
    flips: shown.reduce((sum, { flips }) => sum + flips, 0),
    missedRefreshes: shown.reduce((sum, { missedRefreshes }) => sum + missedRefreshes, 0),
  };
}
