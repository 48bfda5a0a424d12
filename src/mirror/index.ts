/** The Redux mirror of the instrument: no React, no DOM, no pixels. */
export type { AcquisitionMirror } from "./acquisition-slice";
export type { CameraListing, CameraMirror } from "./camera-slice";
export { isPassing } from "./command-error";
export type { CommandError, CommandErrorDetail } from "./command-error";
export { configureCamera, listCameras, selectCamera, startRecording, startWorker, stopRecording } from "./commands";
export type { RecordingRequest } from "./commands";
export { commandErrorDismissed, fieldErrorsDismissed } from "./commands-slice";
export type { CommandMirror, CommandName } from "./commands-slice";
export {
  redoConfiguration,
  resetConfiguration,
  undoConfiguration,
  updateConfiguration,
} from "./configuration-commands";
export {
  deletePreset,
  exportConfiguration,
  importConfiguration,
  listPresets,
  loadPreset,
  savePreset,
} from "./preset-commands";
export { draftChanges, isChanged, isOvertaken } from "./configuration-drafts";
export { draftsDropped, draftsJudged, draftsMeant, draftsTaken, draftTyped } from "./configuration-drafts-slice";
export type { ConfigurationDraft, ConfigurationDrafts, DraftProblems } from "./configuration-drafts-slice";
export { configurationControls, configurationForm } from "./configuration-form";
export type { ConfigurationGroup } from "./configuration-form";
export { configurationReasons, staleRevision } from "./configuration-refusal";
export type { ConfigurationMirror, PresetListing } from "./configuration-slice";
export type { ChannelMirror } from "./connection-slice";
export { figureGroups, figureText } from "./derived-figures";
export type { Figure, FigureGroup } from "./derived-figures";
export { toPlain } from "./from-proto";
export type { Plain } from "./from-proto";
export type { HardwareMirror } from "./hardware-slice";
export { listReferences, putRegion, removeRegion, takeReference, takeSnapshot } from "./imaging-commands";
export { createClients } from "./instrument";
export type { ChannelPhase, Instrument, InstrumentClients, ObservedChannel, ObservedChannelState } from "./instrument";
export { keepStream } from "./keep-stream";
export type { HeldStream } from "./keep-stream";
export { makeStore } from "./make-store";
export type { MirrorDispatch, MirrorState, MirrorStore } from "./make-store";
export { mirrorInstrument } from "./mirror-instrument";
export { mirrorPicture } from "./mirror-picture";
export { draftProblem, draftText, readDraft, spokenValue, textProblem } from "./parameter-draft";
export { allControls, isSection, parameterForm } from "./parameter-form";
export type { Control, ControlGroup, ControlSection } from "./parameter-form";
export { exactValue, limitProblem, rangeText, readText, valueText, valueWithUnit } from "./parameter-text";
export { sameValue } from "./parameter-values";
export type { ParameterChanges, ParameterValue, ParameterValues } from "./parameter-values";
export { previewPaused } from "./preview-slice";
export type { PreviewFigures } from "./preview-slice";
export { acknowledgeNotifications, postNotification } from "./notification-commands";
export type { NotificationRequest } from "./notification-commands";
export type { HeardNotifications, NotificationMirror, NotificationsMirror } from "./notifications-slice";
export { pictureSaved } from "./pictures-slice";
export type { ReferenceMirror, SavedPicture } from "./pictures-slice";
export { regionRemovalSeen, regionSelected, shownRegions } from "./regions-slice";
export type { RegionMirror } from "./regions-slice";
export { refusalOf } from "./refusal";
export { reportTraffic, windowTraffic } from "./report-traffic";
export { cancelVerifyRun, listRuns, verifyRun } from "./run-commands";
export type { RunEntryMirror, RunListing, VerificationMirror } from "./runs-slice";
export { hasSlider, placeOf, valueAt } from "./slider-scale";
export { showStimulusTest } from "./stimulus-commands";
export type { StimulusMirror } from "./stimulus-slice";
export { addTraffic, KEPT_SECONDS, NO_TRAFFIC } from "./traffic-history";
export type { MethodView, ProcessView, TrafficHistory, TrafficSource } from "./traffic-history";
export { changedView, GAMMA_RANGE, LEAST_SPAN, PLAIN_VIEW, viewArrived, viewChanged } from "./view-slice";
export type { ViewMirror, ViewSliceState } from "./view-slice";
export { watchHistogram } from "./watch-histogram";
export { watchPreview } from "./watch-preview";
export type { PreviewSink, PreviewWish, SkipCount } from "./watch-preview";
export { wakeStream } from "./wake-stream";
export { watchTimeCourses } from "./watch-time-courses";
export type { TimeCourseSink } from "./watch-time-courses";
export {
  chooseStimulusDisplay,
  closeWindow,
  focusWindow,
  identifyDisplays,
  openWindow,
  saveTextFile,
} from "./window-commands";
export type { WindowMirror } from "./window-commands";
export type { WindowsMirror } from "./windows-slice";
export { RESTARTS_ALLOWED } from "./worker-slice";
export type { WorkerMirror } from "./worker-slice";
export { enterPhase, pauseRun, recover, resumeRun, runPreflight, startRun, stopRun } from "./workflow-commands";
export type { CheckMirror, RunMirror, SweepMirror, WorkflowMirror } from "./workflow-slice";
