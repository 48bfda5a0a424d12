/** The sweeps of a run by direction: what was shown of each, what is shown now, what is to come. */
import { Direction } from "../../../../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { SweepOutcome } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { RunMirror, SweepMirror } from "../../../../mirror";

/** repeated: broken once or more, and then shown whole. */
export type SweepStanding = "complete" | "repeated" | "broken" | "running" | "ahead";

export interface SweepCell {
  /** From 1, within its direction. */
  readonly sweepNumber: number;
  readonly standing: SweepStanding;
  /** Every showing of it, oldest first. */
  readonly showings: readonly SweepMirror[];
}

export interface SweepRow {
  /** Unspecified: not known before it is shown. */
  readonly direction: Direction;
  readonly cells: readonly SweepCell[];
}

/** One row a direction, in the order they are shown; `planned` names those that have not been. */
export function sweepRows(run: RunMirror, planned: readonly Direction[] = []): readonly SweepRow[] {
  const shown = run.shown.map(({ direction }) => direction);
  const known = [...new Set([...shown, ...(shown.length > 0 ? [] : [run.direction]), ...planned])]
    .filter((direction) => direction !== Direction.UNSPECIFIED)
    .slice(0, Math.max(run.directions, 1));
  const missing = Math.max(0, run.directions - known.length);
  const directions = [...known, ...Array.from({ length: missing }, () => Direction.UNSPECIFIED)];
  return directions.map((direction) => ({ direction, cells: cellsOf(run, direction) }));
}

function cellsOf(run: RunMirror, direction: Direction): SweepCell[] {
  const byNumber = new Map<number, SweepMirror[]>();
  for (const sweep of run.shown) {
    if (sweep.direction !== direction) continue;
    byNumber.set(sweep.sweepNumber, [...(byNumber.get(sweep.sweepNumber) ?? []), sweep]);
  }
  return Array.from({ length: run.sweepsPerDirection }, (_, place) => {
    const showings = byNumber.get(place + 1) ?? [];
    return { sweepNumber: place + 1, standing: standingOf(showings), showings };
  });
}

function standingOf(showings: readonly SweepMirror[]): SweepStanding {
  const last = showings.at(-1);
  switch (last?.outcome) {
    case SweepOutcome.COMPLETE:
      return showings.length > 1 ? "repeated" : "complete";
    case SweepOutcome.BROKEN:
      return "broken";
    case SweepOutcome.RUNNING:
      return "running";
    default:
      return "ahead";
  }
}

/** The sweep that does not count and was shown last; undefined when each was shown whole since. */
export function brokenSweep(rows: readonly SweepRow[]): SweepMirror | undefined {
  const cells = rows.flatMap((row) => row.cells).filter(({ standing }) => standing === "broken");
  const showings = cells.flatMap((cell) => cell.showings.slice(-1));
  return showings.reduce<SweepMirror | undefined>(
    (newest, sweep) => (newest && newest.showing > sweep.showing ? newest : sweep),
    undefined,
  );
}

/** How many sweeps stand so. */
export function countStanding(rows: readonly SweepRow[], ...standings: readonly SweepStanding[]): number {
  return rows.reduce((sum, { cells }) => sum + cells.filter((cell) => standings.includes(cell.standing)).length, 0);
}
