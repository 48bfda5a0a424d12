/** What goes wrong with a window's calls, on its console in the shape of the other processes' logs. */
import { AcquisitionService } from "../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { ApplicationService } from "../../../gen/ts/macroscope/application/v1/application_pb";
import { CameraService } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { DiagnosticsService } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { MonitoringService } from "../../../gen/ts/macroscope/monitoring/v1/monitoring_pb";
import { CallLog, streamingMethods } from "../../rpc";

const SERVICES = [AcquisitionService, ApplicationService, CameraService, DiagnosticsService, MonitoringService];

/** A log for the channels of a window. */
export function windowCallLog(): CallLog {
  return new CallLog({
    write: (line) => {
      console.warn(JSON.stringify({ time: new Date().toISOString(), logger: "window", ...line }));
    },
    isStream: streamingMethods(SERVICES),
  });
}
