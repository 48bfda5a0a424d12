/** Time left, and what is recorded since when. */
import { AcquisitionPhase } from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { useMirror } from "../../../shared/hooks";
import { clockText, countText } from "../../../shared/quantity-text";
import { ToneShape } from "../../../shared/tone";
import { isRecording, workerAnswers } from "../../situation";
import { droppedFrames, secondsLeft } from "../recording/recording-figures";
import { runningRun } from "../run/transitions";
import classes from "./top-line.module.css";

interface Readout {
  readonly elapsedS: number;
  readonly leftS: number | undefined;
  readonly frames: number;
  readonly dropped: number;
}

export function TimeReadout() {
  const recording = useMirror((state) => (isRecording(state) ? state.acquisition.current?.state.recording : undefined));
  const finishing = useMirror((state) => state.acquisition.current?.state.phase === AcquisitionPhase.STOPPING);
  const run = useMirror(runningRun);
  const answers = useMirror(workerAnswers);
  const readout: Readout | undefined = run
    ? { elapsedS: run.elapsedS, leftS: run.remainingS, frames: run.capturedFrames, dropped: run.droppedFrames }
    : recording && {
        elapsedS: recording.elapsedS,
        leftS: secondsLeft(recording),
        frames: recording.capturedFrames,
        dropped: droppedFrames(recording),
      };
  if (!readout) return null;
  const { elapsedS, leftS, frames, dropped } = readout;
  return (
    <div className={classes.readout} data-stale={!answers || undefined} role="group" aria-label="Time">
      {finishing && <span className={classes.left}>last frames to disk</span>}
      {!finishing && leftS !== undefined && (
        <span className={classes.left}>
          {clockText(leftS)} <span className={classes.unit}>left</span>
        </span>
      )}
      <span className={classes.elapsed}>
        <ToneShape tone="recording" size={16} />
        <span>REC</span>
        <time aria-label="Recorded time">{clockText(elapsedS)}</time>
      </span>
      <span className={classes.minor}>
        <span>{countText(frames)} frames</span>
        <span className={dropped > 0 ? classes.dropped : undefined}>{countText(dropped)} dropped</span>
        {!answers && <span className={classes.heard}>as last heard</span>}
      </span>
    </div>
  );
}
