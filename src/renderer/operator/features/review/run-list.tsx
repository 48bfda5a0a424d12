/** The runs on the disk, newest first. One that is chosen is shown in the middle. */
import { listRuns } from "../../../../mirror";
import type { RunEntryMirror } from "../../../../mirror";
import { useMirror, useMirrorDispatch, useNow } from "../../../shared/hooks";
import { counted } from "../../../shared/quantity-text";
import { ToneShape } from "../../../shared/tone";
import { isRecording, workerAnswers } from "../../situation";
import { useStage } from "../stage/stage";
import { entryStanding, runName, startedText } from "./run-standing";
import classes from "./run-list.module.css";

export function RunList() {
  const dispatch = useMirrorDispatch();
  const listing = useMirror((state) => state.runs.listing);
  const { pending, error } = useMirror((state) => state.commands.listRuns);
  const answers = useMirror(workerAnswers);
  const recording = useMirror(isRecording);
  const nowMs = useNow(60_000);
  return (
    <section className={classes.runs} aria-label="Runs">
      <div className={classes.head}>
        <h2 className={classes.heading}>Runs</h2>
        <button
          type="button"
          className={classes.refresh}
          disabled={pending > 0 || !answers}
          onClick={() => void dispatch(listRuns(listing?.directory ?? ""))}
          aria-label="Look for runs again"
          title="Look for runs again"
        >
          {pending > 0 ? "…" : "↻"}
        </button>
      </div>
      {error && <p className={classes.problem}>{error.message}</p>}
      {!listing && !error && <p className={classes.empty}>The runs are listed when the worker answers.</p>}
      {listing?.runs.length === 0 && (
        <p className={classes.empty}>
          {recording ? "The one that goes on is listed when it has ended." : "No run yet."} They will lie in{" "}
          {listing.directory}.
        </p>
      )}
      <ul className={classes.list} data-stale={!answers || undefined}>
        {listing?.runs.map((entry) => (
          <RunItem key={entry.directory} entry={entry} nowMs={nowMs} />
        ))}
      </ul>
      {(listing?.leftOut ?? 0) > 0 && <p className={classes.empty}>{listing?.leftOut} older ones are not listed.</p>}
    </section>
  );
}

function RunItem({ entry, nowMs }: { readonly entry: RunEntryMirror; readonly nowMs: number }) {
  const stage = useStage();
  const { word, tone } = entryStanding(entry);
  const chosen = stage.view.kind === "run" && stage.view.directory === entry.directory;
  const sweeps = entry.plannedSweeps > 0 ? `${entry.completeSweeps}/${counted(entry.plannedSweeps, "sweep")}` : "";
  return (
    <li>
      <button
        type="button"
        className={classes.item}
        aria-pressed={chosen}
        title={entry.problem || entry.directory}
        onClick={() => stage.show(chosen ? { kind: "phase" } : { kind: "run", directory: entry.directory })}
      >
        <ToneShape tone={tone} />
        <span className={classes.name}>{runName(entry.runId)}</span>
        <span className={classes.when}>{startedText(entry.startedUnixNs, nowMs)}</span>
        <span className={classes.facts}>
          {word}
          {sweeps && `, ${sweeps}`}
        </span>
      </button>
    </li>
  );
}
