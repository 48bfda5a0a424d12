import { describe, expect, it } from "vitest";
import { SweepOutcome } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { toPlain } from "../../../../../src/mirror";
import { flipTotals } from "../../../../../src/renderer/operator/features/review/flip-totals";
import { runAt, sweepAt, sweepsUpTo } from "../../../support/fake-run";

describe("flipTotals", () => {
  it("counts a place of the plan once, however often it was shown", () => {
    const shown = [
      ...sweepsUpTo(3),
      sweepAt(3, 3, SweepOutcome.BROKEN),
      sweepAt(4, 3, SweepOutcome.COMPLETE),
      sweepAt(5, 3, SweepOutcome.COMPLETE),
    ];
    const totals = flipTotals(toPlain(runAt({ shown })));
    expect(totals).toEqual({ completeSweeps: 4, broken: 1, flips: 6 * 1080, missedRefreshes: 2, missingFrames: 0 });
  });

  it("sums the frames that sweeps lack, whole ones and broken ones", () => {
    const shown = [
      { ...sweepAt(0, 0, SweepOutcome.BROKEN), writtenFrames: 500n },
      { ...sweepAt(1, 0, SweepOutcome.COMPLETE), writtenFrames: 539n },
    ];
    expect(flipTotals(toPlain(runAt({ shown }))).missingFrames).toBe(41);
  });
});
