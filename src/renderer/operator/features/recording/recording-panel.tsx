/** The recording: what is planned, what runs, how the last one ended. */
import { useState } from "react";
import { Role } from "../../../../../gen/ts/macroscope/rpc/v1/options_pb";
import { commandErrorDismissed } from "../../../../mirror";
import { ParameterControl } from "../../../shared/form/parameter-control";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { bytesText, lastingText, rateText, UNKNOWN } from "../../../shared/quantity-text";
import { roleOf } from "../../authority";
import { isRecording } from "../../situation";
import { planFigures } from "./recording-figures";
import { RecordButton } from "./record-button";
import { PLAN_CONTROLS, useRecordingPlan } from "./recording-plan";
import { RecordingProgress } from "./recording-progress";
import { RecordingSummary } from "./recording-summary";
import classes from "./recording-panel.module.css";

export function RecordingPanel() {
  const running = useMirror(isRecording);
  const last = useMirror((state) => state.acquisition.current?.state.recording);
  const [dismissed, setDismissed] = useState("");
  return (
    <section className={classes.panel} aria-label="Recording">
      <h2 className={classes.heading}>Recording</h2>
      {running && last && <RecordingProgress recording={last} />}
      {!running && <PlanForm />}
      {!running && <RecordButton />}
      {!running && last && last.runId !== dismissed && (
        <RecordingSummary recording={last} onDismiss={() => setDismissed(last.runId)} />
      )}
    </section>
  );
}

function PlanForm() {
  const dispatch = useMirrorDispatch();
  const plan = useRecordingPlan();
  const viewer = useMirror((state) => roleOf(state) === Role.VIEWER);
  const error = useMirror((state) => state.commands.startRecording.error);
  const acquisition = useMirror((state) => state.acquisition.current?.state);
  const rate = useMirror((state) => state.camera.current?.state.settings.frame_rate_hz);
  const frameRateHz = typeof rate === "number" ? rate : undefined;
  const plannedFrames = plan.request?.plannedFrames ?? 0;
  const figures = planFigures(acquisition, frameRateHz, plannedFrames);
  return (
    <>
      {PLAN_CONTROLS.map((control) => {
        const text = plan.texts[control.path] ?? "";
        const problem = plan.problems[control.path];
        const placeholder = control.path === "directory" ? acquisition?.defaultDirectory : undefined;
        return (
          <ParameterControl
            key={control.path}
            control={control}
            draft={problem ? { text, problem } : { text }}
            asTyped
            placeholder={placeholder}
            refusal={error?.fields[control.path]}
            locked={viewer ? "An operator plans recordings." : undefined}
            onType={(typed) => plan.type(control.path, typed)}
            onApply={() => undefined}
            onChoose={(typed) => plan.type(control.path, typed)}
            onRestore={() => undefined}
          />
        );
      })}
      <dl className={classes.derived}>
        <Derived term="Data" value={figures.bytesPerS === undefined ? UNKNOWN : `${bytesText(figures.bytesPerS)}/s`} />
        <Derived
          term="Disk lasts"
          value={figures.diskLastsS === undefined ? UNKNOWN : lastingText(figures.diskLastsS)}
        />
        {plannedFrames > 0 && (
          <>
            <Derived
              term="Takes"
              value={
                figures.durationS === undefined || frameRateHz === undefined
                  ? UNKNOWN
                  : `${lastingText(figures.durationS)} at ${rateText(frameRateHz)}`
              }
            />
            <Derived
              term="Needs"
              value={figures.neededBytes === undefined ? UNKNOWN : bytesText(figures.neededBytes)}
              problem={!figures.fits}
            />
          </>
        )}
      </dl>
      {!figures.fits && acquisition && (
        <Notice tone="warn" title="It does not fit">
          {bytesText(acquisition.freeBytes)} are free. Plan fewer frames, bin, or choose another folder.
        </Notice>
      )}
      {error && Object.keys(error.fields).length === 0 && (
        <Notice
          tone="alarm"
          title="The recording did not start"
          onDismiss={() => dispatch(commandErrorDismissed("startRecording"))}
        >
          {error.message}
        </Notice>
      )}
    </>
  );
}

function Derived({ term, value, problem = false }: { term: string; value: string; problem?: boolean }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd data-problem={problem || undefined}>{value}</dd>
    </div>
  );
}
