/** The live camera's controls. */
import { useMemo } from "react";
import { CameraPhase } from "../../../../../gen/ts/macroscope/camera/v1/camera_pb";
import { CameraSettingsSchema } from "../../../../../gen/ts/macroscope/camera/v1/settings_pb";
import {
  commandErrorDismissed,
  configureCamera,
  fieldErrorsDismissed,
  isSection,
  parameterForm,
  refusalOf,
} from "../../../../mirror";
import type { CameraMirror, Control, ControlSection, ParameterValues } from "../../../../mirror";
import { ParameterControl } from "../../../shared/form/parameter-control";
import { useDrafts } from "../../../shared/form/use-drafts";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { commandHindrance } from "../../authority";
import { isRecording } from "../../situation";
import { fullSensor, REGION_PATH } from "./full-sensor";
import classes from "./camera-panel.module.css";

export function CameraControls() {
  const camera = useMirror((state) => state.camera.current?.state);
  if (camera?.phase === CameraPhase.LIVE) return <LiveControls camera={camera} />;
  return (
    <>
      <NoCamera camera={camera} />
      {/* What it was set to stays to be seen, until somebody chooses a camera again. */}
      {camera?.phase === CameraPhase.FAILED && camera.limits.length > 0 && <LiveControls camera={camera} />}
    </>
  );
}

function NoCamera({ camera }: { readonly camera: CameraMirror | undefined }) {
  const found = useMirror((state) => state.camera.listing?.cameras.length);
  if (camera?.phase === CameraPhase.OPENING) return <p className={classes.empty}>The camera is being opened.</p>;
  if (camera?.phase === CameraPhase.FAILED) {
    return (
      <Notice tone="alarm" title="The camera stopped">
        {camera.fault?.message} {camera.fault?.remedy}
      </Notice>
    );
  }
  if (found === undefined) return <p className={classes.empty}>The cameras are being listed.</p>;
  return (
    <p className={classes.empty}>
      {found === 0
        ? "No camera was found. Connect one, then press Rescan."
        : "No camera is live. Choose one above; its settings come here."}
    </p>
  );
}

function LiveControls({ camera }: { readonly camera: CameraMirror }) {
  const dispatch = useMirrorDispatch();
  const drafts = useDrafts();
  const error = useMirror((state) => state.commands.configureCamera.error);
  const recording = useMirror(isRecording);
  const hindrance = useMirror(commandHindrance);
  const powerless = camera.phase === CameraPhase.FAILED ? "The camera has failed: choose it again first." : hindrance;
  const groups = useMemo(
    () => parameterForm(CameraSettingsSchema, { values: camera.settings, limits: camera.limits }),
    [camera.settings, camera.limits],
  );

  const send = (values: ParameterValues | undefined, texts: Readonly<Record<string, string>>) => {
    if (!values || Object.keys(values).length === 0) return;
    void dispatch(configureCamera(values))
      .unwrap()
      .then(
        () => drafts.taken(texts),
        // What was refused stays as typed; the reason comes from the store.
        () => undefined,
      );
  };
  const controlOf = (control: Control, together: readonly Control[]) => (
    <ParameterControl
      key={control.path}
      control={control}
      draft={drafts.of(control.path)}
      refusal={refusalOf(control, error)}
      locked={lockedReason(control, recording, powerless)}
      onType={(text) => {
        drafts.type(control.path, text);
        dispatch(fieldErrorsDismissed({ command: "configureCamera", paths: [control.path] }));
      }}
      onApply={() => send(drafts.ask(together), drafts.texts(together))}
      onChoose={(text) => send(drafts.choose(control, text), { [control.path]: text })}
      onRestore={() => {
        drafts.restore([control.path]);
        dispatch(fieldErrorsDismissed({ command: "configureCamera", paths: [control.path] }));
      }}
    />
  );
  const sectionOf = (section: ControlSection) => (
    <fieldset key={section.path} className={classes.section}>
      <legend title={section.help}>
        {section.label}
        {section.path === REGION_PATH && (
          <button
            type="button"
            className={classes.small}
            disabled={section.controls.some((control) => lockedReason(control, recording, powerless) !== undefined)}
            onClick={() => {
              drafts.restore(section.controls.map(({ path }) => path));
              send(fullSensor(camera), {});
            }}
          >
            Full sensor
          </button>
        )}
      </legend>
      <div className={classes.pairs}>{section.controls.map((control) => controlOf(control, section.controls))}</div>
      {error?.fields[section.path] && <div className={classes.problem}>{error.fields[section.path]}</div>}
    </fieldset>
  );

  const homeless =
    error &&
    !hasHome(
      error.fields,
      groups.flatMap(({ items }) => items),
    );
  return (
    <div className={classes.controls}>
      {homeless && (
        <Notice
          tone="alarm"
          title="The camera did not take it"
          onDismiss={() => dispatch(commandErrorDismissed("configureCamera"))}
        >
          {error.message}
        </Notice>
      )}
      {groups.map(({ heading, items }) => (
        <div key={heading} role="group" aria-label={heading}>
          <h2 className={classes.heading}>{heading}</h2>
          {items.map((item) => (isSection(item) ? sectionOf(item) : controlOf(item, [item])))}
        </div>
      ))}
    </div>
  );
}

function lockedReason(control: Control, recording: boolean, powerless: string | undefined): string | undefined {
  if (powerless !== undefined) return powerless;
  if (recording && control.fixedWhileRecording) return "A recording holds it fixed.";
  return undefined;
}

/** Whether every reason has a field to stand beside. */
function hasHome(fields: Readonly<Record<string, string>>, items: readonly (Control | ControlSection)[]): boolean {
  const homes = new Set(
    items.flatMap((item) => [item.path, ...(isSection(item) ? item.controls.map(({ path }) => path) : [])]),
  );
  const paths = Object.keys(fields);
  return paths.length > 0 && paths.every((path) => homes.has(path));
}
