import { describe, expect, it } from "vitest";
import { AcquisitionService } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { ApplicationService } from "../../gen/ts/macroscope/application/v1/application_pb";
import { CameraService } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { MonitoringService } from "../../gen/ts/macroscope/monitoring/v1/monitoring_pb";
import { Delivery, Lane, Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { methodPolicy, PROTOCOL } from "../../src/rpc";

const services = [AcquisitionService, ApplicationService, CameraService, DiagnosticsService, MonitoringService];

describe("methodPolicy", () => {
  it("reads what the schema says", () => {
    expect(methodPolicy(AcquisitionService.method.stopRecording)).toEqual({
      path: "/macroscope.acquisition.v1.AcquisitionService/StopRecording",
      lane: Lane.STOP,
      delivery: Delivery.RELIABLE,
      neededRole: Role.OPERATOR,
      defaultDeadlineMs: 60_000,
      idempotent: true,
    });
    expect(methodPolicy(DiagnosticsService.method.echo).idempotent).toBe(true);
    expect(methodPolicy(AcquisitionService.method.startRecording).idempotent).toBe(false);
    expect(methodPolicy(CameraService.method.watchPreview)).toMatchObject({
      lane: Lane.FRAME,
      delivery: Delivery.LATEST_WINS,
      defaultDeadlineMs: undefined,
    });
  });

  it.each(services.flatMap((service) => service.methods.map((method) => [method.toString(), method] as const)))(
    "is complete for %s",
    (_name, method) => {
      const stream = method.methodKind === "server_streaming";
      expect(["unary", "server_streaming"]).toContain(method.methodKind);
      expect(methodPolicy(method).defaultDeadlineMs === undefined).toBe(stream);
    },
  );
});

describe("PROTOCOL", () => {
  it("comes from the schema", () => {
    expect(PROTOCOL).toMatchObject({ major: 1, maxFrameBytes: 16_777_216, initialCreditMessages: 4 });
  });
});
