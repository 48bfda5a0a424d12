/** The sweeps as a strip: a row a direction, a cell a sweep; the shape says how it stands. */
import { Direction } from "../../../../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { DIRECTION_ARROWS, DIRECTION_WORDS } from "./run-words";
import { countStanding } from "./sweep-rows";
import type { SweepCell, SweepRow, SweepStanding } from "./sweep-rows";
import classes from "./sweep-strip.module.css";

/** More than this in a row are too narrow to be told apart: they become a bar. */
const MOST_CELLS = 40;

export const STANDING_WORDS: Readonly<Record<SweepStanding, string>> = {
  complete: "complete",
  repeated: "complete when repeated",
  broken: "broken",
  running: "shown now",
  ahead: "to come",
};

export interface SweepStripProps {
  readonly rows: readonly SweepRow[];
  readonly size?: "small" | "large";
}

export function SweepStrip({ rows, size = "small" }: SweepStripProps) {
  return (
    <ul className={classes.strip} data-size={size} aria-label="Sweeps by direction">
      {rows.map((row, place) => (
        <li key={row.direction === Direction.UNSPECIFIED ? `ahead-${place}` : row.direction} className={classes.row}>
          <span className={classes.arrow} aria-hidden="true" title={DIRECTION_WORDS[row.direction]}>
            {DIRECTION_ARROWS[row.direction]}
          </span>
          <span className={classes.spoken}>{spokenRow(row)}</span>
          {row.cells.length > MOST_CELLS ? <RowBar row={row} /> : <RowCells row={row} />}
        </li>
      ))}
    </ul>
  );
}

function RowCells({ row }: { readonly row: SweepRow }) {
  return (
    <span className={classes.cells} aria-hidden="true">
      {row.cells.map((cell) => (
        <span
          key={cell.sweepNumber}
          className={classes.cell}
          data-standing={cell.standing}
          title={cellText(row, cell)}
        />
      ))}
    </span>
  );
}

function RowBar({ row }: { readonly row: SweepRow }) {
  const part = (...standings: readonly SweepStanding[]) => countStanding([row], ...standings);
  const broken = part("broken");
  return (
    <span className={classes.bar} aria-hidden="true">
      <svg className={classes.filled} viewBox={`0 0 ${row.cells.length} 1`} preserveAspectRatio="none">
        <rect width={part("complete", "repeated")} height="1" fill="currentColor" />
      </svg>
      <span className={classes.count}>
        {part("complete", "repeated")}/{row.cells.length}
        {broken > 0 && `, ${broken} broken`}
      </span>
    </span>
  );
}

/** "Left to right: 6 of 10 complete, 1 broken". */
function spokenRow(row: SweepRow): string {
  const complete = countStanding([row], "complete", "repeated");
  const broken = countStanding([row], "broken");
  const name = row.direction === Direction.UNSPECIFIED ? "A direction to come" : DIRECTION_WORDS[row.direction];
  return `${name}: ${complete} of ${row.cells.length} complete${broken > 0 ? `, ${broken} broken` : ""}`;
}

function cellText(row: SweepRow, cell: SweepCell): string {
  const last = cell.showings.at(-1);
  const why = cell.standing === "broken" && last?.reason ? `. ${last.reason}` : "";
  return `${DIRECTION_WORDS[row.direction]}, sweep ${cell.sweepNumber}: ${STANDING_WORDS[cell.standing]}${why}`;
}
