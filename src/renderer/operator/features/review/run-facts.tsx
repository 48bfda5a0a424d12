/** The figures of a run that has ended. */
import type { RunEntryMirror, RunMirror } from "../../../../mirror";
import { bytesText, clockText, countText } from "../../../shared/quantity-text";
import classes from "./review.module.css";
import { flipTotals } from "./flip-totals";

export interface RunFactsProps {
  readonly run: RunMirror | undefined;
  readonly entry: RunEntryMirror | undefined;
}

export function RunFacts({ run, entry }: RunFactsProps) {
  const dropped = run?.droppedFrames ?? entry?.droppedFrames ?? 0;
  const frames = run?.capturedFrames ?? entry?.capturedFrames ?? 0;
  const totals = run ? flipTotals(run) : undefined;
  const planned = run?.sweeps ?? entry?.plannedSweeps ?? 0;
  const complete = totals?.completeSweeps ?? entry?.completeSweeps ?? 0;
  return (
    <dl className={classes.facts}>
      {planned > 0 && <Fact term="Sweeps complete" value={`${complete} of ${planned}`} warn={complete < planned} />}
      {totals && totals.broken > 0 && <Fact term="Broken on the way" value={countText(totals.broken)} warn />}
      <Fact term="Frames" value={countText(frames)} />
      <Fact term="Dropped" value={countText(dropped)} alarm={dropped > 0} />
      {totals && totals.missingFrames > 0 && (
        <Fact term="Missing in sweeps" value={countText(totals.missingFrames)} warn />
      )}
      {totals && <Fact term="Flips in sweeps" value={countText(totals.flips)} />}
      {totals && (
        <Fact term="Missed refreshes" value={countText(totals.missedRefreshes)} warn={totals.missedRefreshes > 0} />
      )}
      {run && <Fact term="Time" value={clockText(run.elapsedS)} />}
      {run && run.pausedS >= 1 && <Fact term="Paused" value={clockText(run.pausedS)} />}
      {entry && !entry.problem && <Fact term="Size" value={bytesText(entry.bytesWritten)} />}
      {entry?.animalId && <Fact term="Animal" value={entry.animalId} />}
      {entry?.cameraId && <Fact term="Camera" value={entry.cameraId} />}
    </dl>
  );
}

interface FactProps {
  readonly term: string;
  readonly value: string;
  readonly warn?: boolean;
  readonly alarm?: boolean;
}

function Fact({ term, value, warn = false, alarm = false }: FactProps) {
  return (
    <div>
      <dt>{term}</dt>
      <dd data-tone={alarm ? "alarm" : warn ? "warn" : undefined}>{value}</dd>
    </div>
  );
}
