/** The primary action of a live camera: record. */
import { CameraPhase } from "../../../../../gen/ts/macroscope/camera/v1/camera_pb";
import { startRecording } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { commandHindrance } from "../../authority";
import { isRecording } from "../../situation";
import { runningRun } from "../run/transitions";
import { useRecordingPlan } from "./recording-plan";

export interface RecordAction {
  /** Why it cannot be done now; undefined when it can. */
  readonly hindrance: string | undefined;
  /** Does nothing while it is hindered. */
  readonly start: () => void;
}

export function useRecordAction(): RecordAction {
  const dispatch = useMirrorDispatch();
  const { request, problems } = useRecordingPlan();
  const hindrance = useMirror((state) => {
    const powerless = commandHindrance(state);
    if (powerless !== undefined) return powerless;
    if (runningRun(state)) return "A run goes on, and it records.";
    if (isRecording(state)) return "A recording runs.";
    if (state.commands.startRecording.pending > 0) return "It is being started.";
    if (state.camera.current?.state.phase !== CameraPhase.LIVE) return "No camera is live.";
    return undefined;
  });
  const wrong = Object.values(problems)[0];
  const start = () => {
    if (hindrance === undefined && request) void dispatch(startRecording(request));
  };
  return { hindrance: hindrance ?? wrong, start };
}
