/** The sweeps of a run that has ended: a strip of all, and a table of those shown. */
import { useState } from "react";
import { SweepOutcome } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { RunMirror, SweepMirror } from "../../../../mirror";
import { countText } from "../../../shared/quantity-text";
import { ToneShape } from "../../../shared/tone";
import type { Tone } from "../../../shared/tone";
import { DIRECTION_ARROWS, DIRECTION_WORDS } from "../run/run-words";
import { missingFramesOf } from "./flip-totals";
import { STANDING_WORDS, SweepStrip } from "../run/sweep-strip";
import type { SweepStanding } from "../run/sweep-rows";
import { useSweepRows } from "../run/use-sweep-rows";
import strip from "../run/sweep-strip.module.css";
import classes from "./review.module.css";

/** Rows of a table that is looked at; a longer one is cut. */
const MOST_ROWS = 400;

const LEGEND: readonly SweepStanding[] = ["complete", "repeated", "broken", "ahead"];

export function SweepReport({ run }: { readonly run: RunMirror }) {
  const [onlyTroubled, setOnlyTroubled] = useState(false);
  const rows = useSweepRows(run);
  const shown = onlyTroubled ? run.shown.filter(isTroubled) : run.shown;
  return (
    <section className={classes.sweeps} aria-label="Sweeps">
      <SweepStrip rows={rows} size="large" />
      <ul className={classes.legend} aria-label="Shapes">
        {LEGEND.map((standing) => (
          <li key={standing}>
            <span className={strip.cell} data-standing={standing} aria-hidden="true" />
            {standing === "ahead" ? "not shown" : STANDING_WORDS[standing]}
          </li>
        ))}
      </ul>
      <label className={classes.filter}>
        <input
          type="checkbox"
          checked={onlyTroubled}
          onChange={(event) => setOnlyTroubled(event.currentTarget.checked)}
        />
        Only broken ones and those with missing frames or missed refreshes ({run.shown.filter(isTroubled).length})
      </label>
      <SweepTable sweeps={shown.slice(0, MOST_ROWS)} />
      {shown.length > MOST_ROWS && (
        <p className={classes.quiet}>{shown.length - MOST_ROWS} more are in the run folder.</p>
      )}
    </section>
  );
}

function isTroubled(sweep: SweepMirror): boolean {
  const { outcome, missedRefreshes } = sweep;
  return outcome !== SweepOutcome.COMPLETE || missedRefreshes > 0 || missingFramesOf(sweep) > 0;
}

const OUTCOMES: Readonly<Record<SweepOutcome, { readonly word: string; readonly tone: Tone }>> = {
  [SweepOutcome.UNSPECIFIED]: { word: "unknown", tone: "quiet" },
  [SweepOutcome.RUNNING]: { word: "running", tone: "busy" },
  [SweepOutcome.COMPLETE]: { word: "complete", tone: "ok" },
  [SweepOutcome.BROKEN]: { word: "broken", tone: "alarm" },
};

function SweepTable({ sweeps }: { readonly sweeps: readonly SweepMirror[] }) {
  if (sweeps.length === 0) return <p className={classes.quiet}>None.</p>;
  return (
    <div className={classes.tableHolder} tabIndex={0} role="region" aria-label="Table of sweeps">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Showing</th>
            <th scope="col">Direction</th>
            <th scope="col">Sweep</th>
            <th scope="col">Outcome</th>
            <th scope="col">Frames</th>
            <th scope="col" title="Camera frames that it should have and are not on the disk">
              Missing
            </th>
            <th scope="col">Flips</th>
            <th scope="col">Missed</th>
          </tr>
        </thead>
        <tbody>
          {sweeps.map((sweep) => (
            <SweepTableRow key={sweep.showing} sweep={sweep} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SweepTableRow({ sweep }: { readonly sweep: SweepMirror }) {
  const { word, tone } = OUTCOMES[sweep.outcome];
  const missing = missingFramesOf(sweep);
  return (
    <tr>
      <td>{sweep.showing + 1}</td>
      <td className={classes.text}>
        {DIRECTION_ARROWS[sweep.direction]} {DIRECTION_WORDS[sweep.direction]}
      </td>
      <td>{sweep.sweepNumber}</td>
      <td className={classes.text}>
        <ToneShape tone={tone} size={9} /> {word}
        {sweep.reason && <span className={classes.reason}>{sweep.reason}</span>}
      </td>
      <td>{countText(sweep.frames)}</td>
      <td data-tone={missing > 0 ? "warn" : undefined}>{countText(missing)}</td>
      <td>{countText(sweep.flips)}</td>
      <td data-tone={sweep.missedRefreshes > 0 ? "warn" : undefined}>{countText(sweep.missedRefreshes)}</td>
    </tr>
  );
}
