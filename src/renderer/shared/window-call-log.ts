/** What goes wrong with a window's calls, on its console in the shape of the other processes' logs. */
import { AcquisitionService } from "../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { RunService } from "../../../gen/ts/macroscope/acquisition/v1/runs_pb";
import { ApplicationService } from "../../../gen/ts/macroscope/application/v1/application_pb";
import { CameraService } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { ConfigurationService } from "../../../gen/ts/macroscope/configuration/v1/configuration_pb";
import { DiagnosticsService } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { ImagingService } from "../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { MonitoringService } from "../../../gen/ts/macroscope/monitoring/v1/monitoring_pb";
import { NotificationService } from "../../../gen/ts/macroscope/notification/v1/notification_pb";
import { StimulusService } from "../../../gen/ts/macroscope/stimulus/v1/stimulus_pb";
import { WindowService } from "../../../gen/ts/macroscope/window/v1/window_pb";
import { WorkflowService } from "../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { CallLog, streamingMethods } from "../../rpc";

const SERVICES = [
  AcquisitionService,
  ApplicationService,
  CameraService,
  ConfigurationService,
  DiagnosticsService,
  ImagingService,
  MonitoringService,
  NotificationService,
  RunService,
  StimulusService,
  WindowService,
  WorkflowService,
];

/** A log for the channels of a window. */
export function windowCallLog(): CallLog {
  return new CallLog({
    write: (line) => {
      console.warn(JSON.stringify({ time: new Date().toISOString(), logger: "window", ...line }));
    },
    isStream: streamingMethods(SERVICES),
  });
}
