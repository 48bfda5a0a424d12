/** What stands where the picture will be, while there is none; and how old the picture is when it no longer follows. */
import { CameraPhase } from "../../../../../gen/ts/macroscope/camera/v1/camera_pb";
import { useMirror, useNow } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { workerAnswers } from "../../situation";
import classes from "./preview.module.css";

const STALE_AFTER_MS = 2000;

export function PreviewEmpty({ hasPicture }: { readonly hasPicture: boolean }) {
  const nowMs = useNow();
  const camera = useMirror((state) => state.camera.current?.state);
  const answers = useMirror(workerAnswers);
  const found = useMirror((state) => state.camera.listing?.cameras.length);
  const receivedAtMs = useMirror((state) => state.preview.figures?.receivedAtMs);
  if (camera?.phase === CameraPhase.FAILED && answers) {
    return (
      <div className={classes.message}>
        <Notice large tone="alarm" title="The camera stopped by itself">
          <p>{camera.fault?.message}</p>
          <p>{camera.fault?.remedy}</p>
        </Notice>
      </div>
    );
  }
  if (!hasPicture) {
    return (
      <div className={classes.empty}>
        <p>{emptyText(camera?.phase, answers, found)}</p>
      </div>
    );
  }
  const ageMs = receivedAtMs === undefined ? 0 : nowMs - receivedAtMs;
  if (ageMs < STALE_AFTER_MS) return null;
  return <div className={classes.age}>picture of {Math.round(ageMs / 1000)} s ago</div>;
}

function emptyText(phase: CameraPhase | undefined, answers: boolean, found: number | undefined): string {
  if (!answers) return "Waiting for the worker.";
  if (phase === CameraPhase.OPENING) return "The camera is being opened.";
  if (phase === CameraPhase.LIVE) return "Waiting for the first picture.";
  if (found === 0) return "No camera was found. Connect one, then press Rescan on the right.";
  return "No camera is live. Choose one on the right.";
}
