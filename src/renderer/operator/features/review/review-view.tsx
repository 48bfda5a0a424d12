/** A run that has ended: how, what there is of it, and whether it is whole on the disk. */
import type { RunEntryMirror, RunMirror } from "../../../../mirror";
import { useMirror } from "../../../shared/hooks";
import { ToneShape, toneText } from "../../../shared/tone";
import { workerAnswers } from "../../situation";
import { StageHead } from "../stage/stage-head";
import stage from "../stage/stage.module.css";
import { RunFacts } from "./run-facts";
import { RunPlace } from "./run-place";
import { entryStanding, runName, runStanding } from "./run-standing";
import { RunVerification } from "./run-verification";
import { SweepReport } from "./sweep-report";
import classes from "./review.module.css";

export function ReviewView({ directory }: { readonly directory?: string }) {
  const last = useMirror((state) => state.workflow.current?.state.run);
  const of = directory ?? last?.directory ?? "";
  const entry = useMirror((state) => state.runs.listing?.runs.find((one) => one.directory === of));
  const run = last?.directory === of ? last : undefined;
  const answers = useMirror(workerAnswers);
  return (
    <section className={stage.cover} aria-label="Review">
      {run || entry ? (
        <>
          <StageHead title={<Outcome run={run} entry={entry} />} />
          <div className={stage.body} data-stale={!answers || undefined}>
            <Fault run={run} entry={entry} />
            <RunFacts run={run} entry={entry} />
            <RunPlace directory={of} />
            <RunVerification directory={of} />
            {run && run.sweeps > 0 && <SweepReport run={run} />}
          </div>
        </>
      ) : (
        <NoRun />
      )}
    </section>
  );
}

interface OfRun {
  readonly run: RunMirror | undefined;
  readonly entry: RunEntryMirror | undefined;
}

function Outcome({ run, entry }: OfRun) {
  const { word, tone } = run ? runStanding(run) : entry ? entryStanding(entry) : { word: "", tone: "quiet" as const };
  return (
    <span className={classes.outcome}>
      <ToneShape tone={tone} size={16} />
      <span className={`${classes.word} ${toneText[tone] ?? ""}`}>{word}</span>
      <span className={classes.run}>{runName(run?.runId ?? entry?.runId ?? "")}</span>
    </span>
  );
}

function Fault({ run, entry }: OfRun) {
  const fault = run?.fault;
  if (fault) {
    return (
      <p className={classes.fault}>
        {fault.message} {fault.remedy}
      </p>
    );
  }
  return entry?.problem ? <p className={classes.fault}>{entry.problem}</p> : null;
}

function NoRun() {
  return (
    <>
      <StageHead title="Review" />
      <div className={stage.body}>
        <p>No run has ended yet. Go back to set-up, run the checks, and start one.</p>
      </div>
    </>
  );
}
