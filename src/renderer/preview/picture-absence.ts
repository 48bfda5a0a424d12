/** Why there is no picture, as far as this window knows, and what to do. */
import { CameraPhase } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import type { MirrorState } from "../../mirror";

/** Whether the worker answers; without that nothing is known of the camera. */
export function isConnected({ connection }: MirrorState): boolean {
  return connection.worker.phase === "live";
}

/** A sentence for the place of the picture. */
export function absenceText(state: MirrorState): string {
  const { phase, attempt, reason } = state.connection.worker;
  if (phase === "refused")
    return `The worker refused the connection. ${reason ?? "It gave no reason."} Load the page again.`;
  if (phase === "connecting" && attempt <= 1) return "Connecting to the worker.";
  if (phase !== "live") return "The worker does not answer. Connecting again.";
  const camera = state.camera.current?.state;
  if (camera && camera.phase !== CameraPhase.LIVE) return "No camera is live. Choose one in the operator's window.";
  return "Waiting for the picture.";
}
