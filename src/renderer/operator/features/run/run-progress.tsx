/** How the run goes: what is done of it, what happens now and how long still, and every count. */
import { Progress } from "@mantine/core";
import { RunStep } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { RunMirror } from "../../../../mirror";
import { useMirror, useNow } from "../../../shared/hooks";
import { clockText, countText, lastingText } from "../../../shared/quantity-text";
import { workerAnswers } from "../../situation";
import { askedText, DIRECTION_WORDS, STEP_WORDS } from "./run-words";
import { stepFigures } from "./step-figures";
import { brokenSweep } from "./sweep-rows";
import { SweepStrip } from "./sweep-strip";
import { runningRun } from "./transitions";
import { useSweepRows } from "./use-sweep-rows";
import classes from "./run.module.css";

export function RunProgress() {
  const run = useMirror(runningRun);
  return run ? <Running run={run} /> : null;
}

function Running({ run }: { readonly run: RunMirror }) {
  const answers = useMirror(workerAnswers);
  const rows = useSweepRows(run);
  const asked = askedText(run);
  const broken = brokenSweep(rows);
  const wholeS = run.elapsedS + run.remainingS;
  return (
    <section className={classes.progress} data-stale={!answers || undefined} aria-label="Progress">
      {!answers && <Age />}
      <CurrentStep run={run} />
      {asked && <p className={classes.asked}>The run {asked}.</p>}
      <SweepStrip rows={rows} />
      {broken && (
        <p className={classes.asked}>
          ▲ {DIRECTION_WORDS[broken.direction]}, sweep {broken.sweepNumber}: {broken.reason}
        </p>
      )}
      <Progress
        value={wholeS > 0 ? (run.elapsedS / wholeS) * 100 : 0}
        size="xs"
        color="dark.2"
        aria-label="Whole run"
      />
      <dl className={classes.figures}>
        <Figure term="Elapsed" value={clockText(run.elapsedS)} />
        <Figure term={run.step === RunStep.PAUSED ? "Left after it" : "Remaining"} value={clockText(run.remainingS)} />
        {run.pausedS >= 1 && <Figure term="Paused" value={clockText(run.pausedS)} />}
        <Figure term="Frames" value={countText(run.capturedFrames)} />
        <Figure term="Dropped" value={countText(run.droppedFrames)} alarm={run.droppedFrames > 0} />
      </dl>
    </section>
  );
}

function CurrentStep({ run }: { readonly run: RunMirror }) {
  const statedNs = useMirror((state) => state.workflow.current?.state.statedNs ?? "0");
  const { leftS, part } = stepFigures(run, statedNs);
  return (
    <div className={classes.step}>
      <span>{STEP_WORDS[run.step]}</span>
      <span className={classes.countdown}>
        {leftS === undefined ? (run.step === RunStep.PAUSED ? "until you resume" : "") : `${Math.ceil(leftS)} s left`}
      </span>
      {part !== undefined && (
        <Progress className={classes.stepBar} value={part * 100} size="xs" color="accent" aria-label="This step" />
      )}
    </div>
  );
}

/** How old it is what is shown. */
function Age() {
  const nowMs = useNow(1000);
  const receivedAtMs = useMirror((state) => state.workflow.current?.receivedAtMs ?? 0);
  return <p className={classes.age}>As heard {lastingText(Math.max(0, nowMs - receivedAtMs) / 1000)} ago</p>;
}

function Figure({ term, value, alarm = false }: { term: string; value: string; alarm?: boolean }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd data-alarm={alarm || undefined}>{value}</dd>
    </div>
  );
}
