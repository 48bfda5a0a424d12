/** What is read from two metres: how things stand, recording, time left; Record and Stop, always in the same place. */
import { Button, Kbd } from "@mantine/core";
import { AcquisitionPhase } from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { Role } from "../../../../../gen/ts/macroscope/rpc/v1/options_pb";
import { stopRecording } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { clockText, countText } from "../../../shared/quantity-text";
import { useShortcut } from "../../../shared/shortcuts";
import { ToneShape, toneText } from "../../../shared/tone";
import { roleOf } from "../../authority";
import { chosenCamera, isRecording, situationOf, workerAnswers } from "../../situation";
import { droppedFrames, secondsLeft } from "../recording/recording-figures";
import { useRecordAction } from "../recording/use-record-action";
import classes from "./top-line.module.css";

export function TopLine() {
  const dispatch = useMirrorDispatch();
  const { word, tone } = useMirror(situationOf, sameSituation);
  const camera = useMirror(chosenCamera);
  const running = useMirror(isRecording);
  const record = useRecordAction();
  const viewer = useMirror((state) => roleOf(state) === Role.VIEWER);
  const stoppable = running && !viewer;
  const stop = () => {
    if (stoppable) void dispatch(stopRecording());
  };
  useShortcut({ keys: "R", label: "Record", group: "Recording", run: record.start });
  useShortcut({ keys: "Shift+Esc", label: "Stop", group: "Recording", whileTyping: true, run: stop });
  return (
    <header className={classes.line} data-recording={running || undefined}>
      <div className={classes.situation} role="status" aria-label="State">
        <ToneShape tone={tone} size={16} />
        <span className={`${classes.word} ${toneText[tone] ?? ""}`}>{word}</span>
      </div>
      <div className={classes.camera}>
        {camera ? camera.label : ""}
        {camera?.simulated && <span className={classes.simulated}>simulated</span>}
      </div>
      {viewer && (
        <span className={classes.viewer} title="You may look; an operator may change things.">
          Viewer
        </span>
      )}
      <RecordingReadout />
      <div className={classes.actions}>
        <Button
          variant="default"
          disabled={record.hindrance !== undefined}
          title={record.hindrance ?? "Record every frame from now on (R)"}
          onClick={record.start}
          leftSection={<ToneShape tone={record.hindrance === undefined ? "recording" : "quiet"} size={12} />}
          rightSection={<Kbd size="xs">R</Kbd>}
          aria-label="Record"
          className={classes.record}
        >
          Record
        </Button>
        <Button
          color="alarm"
          variant={running ? "filled" : "default"}
          disabled={!stoppable}
          title={stopTitle(running, viewer)}
          onClick={stop}
          leftSection={<StopShape />}
          rightSection={<Kbd size="xs">⇧Esc</Kbd>}
          aria-label="Stop"
        >
          Stop
        </Button>
      </div>
    </header>
  );
}

function stopTitle(running: boolean, viewer: boolean): string {
  if (!running) return "Nothing is being recorded.";
  return viewer
    ? "You are a viewer here; an operator may stop it."
    : "Stop the recording and make it durable (Shift+Esc)";
}

function RecordingReadout() {
  const current = useMirror((state) => state.acquisition.current);
  const running = useMirror(isRecording);
  const answers = useMirror(workerAnswers);
  const recording = current?.state.recording;
  if (!running || !recording) return null;
  const left = secondsLeft(recording);
  const dropped = droppedFrames(recording);
  const finishing = current.state.phase === AcquisitionPhase.STOPPING;
  return (
    <div className={classes.readout} data-stale={!answers || undefined}>
      <span className={classes.elapsed}>
        <ToneShape tone="recording" size={14} />
        <span>REC</span>
        <time aria-label="Recorded time">{clockText(recording.elapsedS)}</time>
      </span>
      <span className={classes.minor}>
        <span>{countText(recording.capturedFrames)} frames</span>
        <span className={dropped > 0 ? classes.dropped : undefined}>{countText(dropped)} dropped</span>
      </span>
      {finishing && <span className={classes.left}>last frames to disk</span>}
      {!finishing && left !== undefined && <span className={classes.left}>{clockText(left)} left</span>}
      {!answers && <span className={classes.minor}>as last heard</span>}
    </div>
  );
}

function StopShape() {
  return (
    <svg width="11" height="11" viewBox="0 0 10 10" aria-hidden="true">
      <rect width="10" height="10" fill="currentColor" />
    </svg>
  );
}

function sameSituation(a: { word: string; tone: string }, b: { word: string; tone: string }): boolean {
  return a.word === b.word && a.tone === b.tone;
}
