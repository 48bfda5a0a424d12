/** How the last recording ended, and where it is. */
import { RecordingOutcome } from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { CopyButton } from "../../../shared/copy-button";
import { Notice } from "../../../shared/notice";
import { bytesText, clockText, counted, countText } from "../../../shared/quantity-text";
import { droppedFrames } from "./recording-figures";
import type { RecordingMirror } from "./recording-figures";
import { Count, Drops } from "./recording-progress";
import classes from "./recording-panel.module.css";

export interface RecordingSummaryProps {
  readonly recording: RecordingMirror;
  readonly onDismiss: () => void;
}

export function RecordingSummary({ recording, onDismiss }: RecordingSummaryProps) {
  const failed = recording.outcome === RecordingOutcome.FAILED;
  const dropped = droppedFrames(recording);
  const tone = failed ? "alarm" : dropped > 0 ? "warn" : "ok";
  return (
    <Notice tone={tone} title={titleOf(recording, dropped)} onDismiss={onDismiss}>
      {recording.fault && (
        <p className={classes.fault}>
          {recording.fault.message} {recording.fault.remedy}
        </p>
      )}
      <dl className={classes.counts}>
        <Count term="Durable" value={countText(recording.durableFrames)} />
        <Count term="Dropped" value={countText(dropped)} alarm={dropped > 0} />
        <Count term="Time" value={clockText(recording.elapsedS)} />
        <Count term="Size" value={bytesText(recording.bytesWritten)} />
      </dl>
      <Drops recording={recording} />
      <div className={classes.folder}>
        <span className={classes.path} title={recording.directory}>
          <bdi>{recording.directory}</bdi>
        </span>
        <CopyButton text={recording.directory} label="Copy path" />
      </div>
    </Notice>
  );
}

function titleOf(recording: RecordingMirror, dropped: number): string {
  switch (recording.outcome) {
    case RecordingOutcome.COMPLETE:
      return dropped > 0 ? `Recorded, ${counted(dropped, "frame")} lost` : "Recorded, nothing lost";
    case RecordingOutcome.FAILED:
      return "Ended before it was asked to; what is written can be read";
    default:
      return "Not ended in order";
  }
}
