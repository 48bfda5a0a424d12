import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Direction } from "../../../../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { SweepOutcome } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { toPlain } from "../../../../../src/mirror";
import { countStanding, sweepRows } from "../../../../../src/renderer/operator/features/run/sweep-rows";
import { runAt, sweepAt, sweepsUpTo } from "../../../support/fake-run";

const { LEFT_TO_RIGHT, RIGHT_TO_LEFT, TOP_TO_BOTTOM, BOTTOM_TO_TOP, UNSPECIFIED } = Direction;

describe("sweepRows", () => {
  it("has a row a direction, in the order shown; unknown ones stay unknown", () => {
    const run = toPlain(runAt());
    expect(sweepRows(run).map(({ direction }) => direction)).toEqual([
      LEFT_TO_RIGHT,
      RIGHT_TO_LEFT,
      UNSPECIFIED,
      UNSPECIFIED,
    ]);
    const planned = [LEFT_TO_RIGHT, RIGHT_TO_LEFT, TOP_TO_BOTTOM, BOTTOM_TO_TOP];
    expect(sweepRows(run, planned).map(({ direction }) => direction)).toEqual(planned);
  });

  it("says of each sweep how it stands", () => {
    const shown = [
      ...sweepsUpTo(2),
      sweepAt(2, 2, SweepOutcome.BROKEN),
      sweepAt(3, 2, SweepOutcome.COMPLETE),
      sweepAt(4, 3, SweepOutcome.BROKEN),
      sweepAt(5, 3, SweepOutcome.RUNNING),
    ];
    const [row] = sweepRows(toPlain(runAt({ shown })));
    expect(row?.cells.slice(0, 5).map(({ standing }) => standing)).toEqual([
      "complete",
      "complete",
      "repeated",
      "running",
      "ahead",
    ]);
    expect(row?.cells[2]?.showings.map(({ showing }) => showing)).toEqual([2, 3]);
  });

  it("counts every sweep of the plan exactly once", () => {
    const outcomes = fc.constantFrom(SweepOutcome.COMPLETE, SweepOutcome.BROKEN);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(39), outcomes), { maxLength: 60 }), (told) => {
        const shown = told.map(([index, outcome], showing) => sweepAt(showing, index, outcome));
        const rows = sweepRows(toPlain(runAt({ shown })));
        expect(countStanding(rows, "complete", "repeated", "broken", "running", "ahead")).toBe(40);
        expect(rows.flatMap(({ cells }) => cells.flatMap(({ showings }) => showings))).toHaveLength(told.length);
      }),
    );
  });
});
