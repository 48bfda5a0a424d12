/** The one word that says how things stand, from all that is mirrored. */
import { AcquisitionPhase } from "../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { WorkerPhase } from "../../../gen/ts/macroscope/application/v1/application_pb";
import { CameraPhase } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { RunStep, WorkflowPhase } from "../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { CameraMirror, ChannelMirror, MirrorState } from "../../mirror";
import type { Tone } from "../shared/tone";

export interface Situation {
  readonly word: string;
  readonly tone: Tone;
}

/** Whether the worker answers, so that what it said last still holds. */
export function workerAnswers(state: MirrorState): boolean {
  const { host, worker } = state.connection;
  if (!isLive(host) || worker.phase !== "live") return false;
  const phase = state.worker.process?.phase;
  return phase === undefined || phase === WorkerPhase.RUNNING;
}

/** Whether a channel is live. One that there need not be stands in nobody's way. */
function isLive(channel: ChannelMirror | null): boolean {
  return channel === null || channel.phase === "live";
}

/** Whether a channel was live and is not any more; dialling again is part of that. */
export function isLost(channel: ChannelMirror | null): boolean {
  if (channel === null) return false;
  return channel.phase === "lost" || (channel.phase === "connecting" && channel.server !== null);
}

/** Whether a recording is being started, running or ended, as far as is known. */
export function isRecording(state: MirrorState): boolean {
  const phase = state.acquisition.current?.state.phase ?? AcquisitionPhase.IDLE;
  return phase !== AcquisitionPhase.IDLE && phase !== AcquisitionPhase.UNSPECIFIED;
}

/** The camera that is or was to be live; undefined when none is chosen. */
export function chosenCamera(state: MirrorState): CameraMirror["camera"] {
  const camera = state.camera.current?.state;
  return camera?.phase === CameraPhase.CLOSED ? undefined : camera?.camera;
}

/** The worker answers, and its camera loop does not turn: no frame comes, whatever was said last of camera and recording. */
export function isStuck(state: MirrorState): boolean {
  return workerAnswers(state) && state.hardware.status?.acquisition?.stuck === true;
}

/** Whether pictures come, so that what was told of the newest one is of now. */
export function picturesCome(state: MirrorState): boolean {
  return state.camera.current?.state.phase === CameraPhase.LIVE && workerAnswers(state) && !isStuck(state);
}

export function situationOf(state: MirrorState): Situation {
  return (
    linkSituation(state) ??
    loopSituation(state) ??
    workflowSituation(state) ??
    acquisitionSituation(state) ??
    cameraSituation(state)
  );
}

function loopSituation(state: MirrorState): Situation | undefined {
  return isStuck(state) ? { word: "Camera stuck", tone: "alarm" } : undefined;
}

function linkSituation(state: MirrorState): Situation | undefined {
  const { host, worker } = state.connection;
  if (host?.phase === "refused" || worker.phase === "refused") return { word: "Refused", tone: "alarm" };
  if (isLost(host)) return { word: "No connection", tone: "alarm" };
  switch (state.worker.process?.phase) {
    case WorkerPhase.GAVE_UP:
      return { word: "Worker stopped", tone: "alarm" };
    case WorkerPhase.RESTARTING:
      return { word: "Worker lost", tone: "alarm" };
    case WorkerPhase.STARTING:
      return { word: "Starting", tone: "busy" };
    default:
  }
  if (host?.phase === "stale" || worker.phase === "stale") return { word: "No answer", tone: "alarm" };
  if (worker.server !== null && isLost(worker)) return { word: "Worker lost", tone: "alarm" };
  if (!isLive(host) || worker.phase !== "live") return { word: "Connecting", tone: "busy" };
  return undefined;
}

/** What the workflow has to say before the recording and the camera: a run, its pause, an error. */
function workflowSituation(state: MirrorState): Situation | undefined {
  const workflow = state.workflow.current?.state;
  if (workflow?.phase === WorkflowPhase.ERROR) return { word: "Error", tone: "alarm" };
  if (workflow?.phase === WorkflowPhase.START_UP) return { word: "Starting", tone: "busy" };
  if (workflow?.phase !== WorkflowPhase.ACQUISITION || !workflow.run) return undefined;
  switch (workflow.run.step) {
    case RunStep.STARTING:
      return { word: "Preparing", tone: "busy" };
    case RunStep.PAUSED:
      return workflow.run.pauseReason ? { word: "Needs a hand", tone: "alarm" } : { word: "Paused", tone: "warn" };
    case RunStep.ENDING:
    case RunStep.ENDED:
      return { word: "Finishing", tone: "recording" };
    default:
      return { word: "Acquisition", tone: "recording" };
  }
}

function acquisitionSituation(state: MirrorState): Situation | undefined {
  switch (state.acquisition.current?.state.phase) {
    case AcquisitionPhase.STARTING:
      return { word: "Starting", tone: "recording" };
    case AcquisitionPhase.RECORDING:
      return { word: "Recording", tone: "recording" };
    case AcquisitionPhase.STOPPING:
      return { word: "Finishing", tone: "recording" };
    default:
      return undefined;
  }
}

function cameraSituation(state: MirrorState): Situation {
  switch (state.camera.current?.state.phase) {
    case CameraPhase.LIVE:
      return { word: "Live", tone: "ok" };
    case CameraPhase.OPENING:
      return { word: "Opening", tone: "busy" };
    case CameraPhase.FAILED:
      return { word: "Camera failed", tone: "alarm" };
    case undefined:
      return { word: "Connecting", tone: "busy" };
    default:
      return { word: "No camera", tone: "quiet" };
  }
}
