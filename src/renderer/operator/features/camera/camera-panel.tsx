/** The camera: which one, and its controls as the schema and the camera itself describe them. */
import { listCameras } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { workerAnswers } from "../../situation";
import { CameraControls } from "./camera-controls";
import { CameraPicker } from "./camera-picker";
import { CameraSettings } from "./camera-settings";
import { UnavailableDrivers } from "./unavailable-drivers";
import classes from "./camera-panel.module.css";

export function CameraPanel() {
  const dispatch = useMirrorDispatch();
  const scanning = useMirror((state) => state.commands.listCameras.pending > 0);
  const answers = useMirror(workerAnswers);
  const cameraId = useMirror((state) => state.camera.current?.state.camera?.id);
  return (
    <section className={classes.panel} aria-label="Camera settings">
      <div className={classes.pickerRow}>
        <CameraPicker />
        <button
          type="button"
          className={classes.rescan}
          disabled={scanning || !answers}
          title="Ask the drivers again which cameras there are"
          onClick={() => void dispatch(listCameras({ rescan: true }))}
        >
          {scanning ? "Looking…" : "Rescan"}
        </button>
      </div>
      <UnavailableDrivers />
      {/* Another camera is another form: nothing typed for one is applied to the other. */}
      <CameraControls key={cameraId ?? ""} />
      <CameraSettings />
    </section>
  );
}
