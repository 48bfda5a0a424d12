/** The running recording: every count, and how long still. */
import { Progress } from "@mantine/core";
import { useMirror } from "../../../shared/hooks";
import { bytesText, clockText, countText, lastingText, UNKNOWN } from "../../../shared/quantity-text";
import { workerAnswers } from "../../situation";
import { DROP_WORDS, droppedFrames, planFigures, progressOf, secondsLeft } from "./recording-figures";
import type { RecordingMirror } from "./recording-figures";
import classes from "./recording-panel.module.css";

export function RecordingProgress({ recording }: { readonly recording: RecordingMirror }) {
  const answers = useMirror(workerAnswers);
  const acquisition = useMirror((state) => state.acquisition.current?.state);
  const progress = progressOf(recording);
  const left = secondsLeft(recording);
  const { diskLastsS } = planFigures(acquisition, undefined, 0);
  return (
    <div className={classes.running} data-stale={!answers || undefined}>
      <div className={classes.path} title={recording.directory}>
        <bdi>{recording.directory}</bdi>
      </div>
      {progress !== undefined && (
        <div className={classes.progress}>
          <Progress value={progress * 100} size="sm" color="accent" aria-label="Recorded part" />
          <div className={classes.progressText}>
            <span>
              {countText(recording.capturedFrames)} of {countText(recording.plannedFrames)} frames
            </span>
            <span>{left === undefined ? UNKNOWN : `${clockText(left)} left`}</span>
          </div>
        </div>
      )}
      <dl className={classes.counts}>
        <Count term="Captured" value={countText(recording.capturedFrames)} />
        <Count term="Written" value={countText(recording.writtenFrames)} />
        <Count term="Durable" value={countText(recording.durableFrames)} />
        <Count term="Dropped" value={countText(droppedFrames(recording))} alarm={droppedFrames(recording) > 0} />
        <Count term="Time" value={clockText(recording.elapsedS)} />
        <Count term="Size" value={bytesText(recording.bytesWritten)} />
        <Count term="Free" value={acquisition ? bytesText(acquisition.freeBytes) : UNKNOWN} />
        <Count term="Disk lasts" value={diskLastsS === undefined ? UNKNOWN : lastingText(diskLastsS)} />
      </dl>
      <Drops recording={recording} />
    </div>
  );
}

/** What was lost, by what lost it. */
export function Drops({ recording }: { readonly recording: RecordingMirror }) {
  const drops = recording.drops.filter(({ frames }) => frames > 0);
  if (drops.length === 0) return null;
  return (
    <ul className={classes.drops} aria-label="Dropped frames by reason">
      {drops.map(({ reason, frames }) => (
        <li key={reason}>
          {countText(frames)} {DROP_WORDS[reason]}
        </li>
      ))}
    </ul>
  );
}

export function Count({ term, value, alarm = false }: { term: string; value: string; alarm?: boolean }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd data-alarm={alarm || undefined}>{value}</dd>
    </div>
  );
}
