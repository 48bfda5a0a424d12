/** The Redux mirror of the instrument: no React, no DOM, no pixels. */
export type { AcquisitionMirror } from "./acquisition-slice";
export type { CameraListing, CameraMirror } from "./camera-slice";
export type { CommandError, CommandErrorDetail } from "./command-error";
export {
  configureCamera,
  listCameras,
  selectCamera,
  startRecording,
  startWorker,
  stopRecording,
} from "./commands";
export type { RecordingRequest } from "./commands";
export { commandErrorDismissed, fieldErrorsDismissed } from "./commands-slice";
export type { CommandMirror, CommandName } from "./commands-slice";
export type { ChannelMirror } from "./connection-slice";
export type { HardwareMirror } from "./hardware-slice";
export { createClients } from "./instrument";
export type { ChannelPhase, Instrument, InstrumentClients, ObservedChannel, ObservedChannelState } from "./instrument";
export { makeStore } from "./make-store";
export type { MirrorDispatch, MirrorState, MirrorStore } from "./make-store";
export { mirrorInstrument } from "./mirror-instrument";
export { allControls, isSection, parameterForm } from "./parameter-form";
export type { Control, ControlGroup, ControlSection } from "./parameter-form";
export { exactValue, limitProblem, rangeText, readText, valueText, valueWithUnit } from "./parameter-text";
export type { ParameterValue, ParameterValues } from "./parameter-values";
export type { PreviewFigures } from "./preview-slice";
export { hasSlider, placeOf, valueAt } from "./slider-scale";
export { watchPreview } from "./watch-preview";
export type { PreviewSink, PreviewWish, SkipCount } from "./watch-preview";
export { RESTARTS_ALLOWED } from "./worker-slice";
export type { WorkerMirror } from "./worker-slice";
