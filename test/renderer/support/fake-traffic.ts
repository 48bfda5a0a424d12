/** Counts as a program in use has them, growing with time. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { CallSide, type ProcessTrafficSchema } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";

type Process = MessageInitShape<typeof ProcessTrafficSchema>;
type Method = NonNullable<Process["methods"]>[number];

const clock = { offsetNs: 12_345_678n, errorNs: 61_000n, residualNs: 22_000n, roundTripNs: 214_000n };

function served(
  path: string,
  counts: {
    calls: number;
    open?: number;
    sent?: number;
    bytes?: number;
    ms?: number;
    skipped?: number;
    failed?: number;
  },
): Method {
  const { calls, open = 0, sent = calls, bytes = 60 * calls, ms = 0.4, skipped = 0, failed = 0 } = counts;
  return {
    method: `/macroscope.${path}`,
    side: CallSide.SERVER,
    calls: BigInt(calls),
    openCalls: BigInt(open),
    errors: [
      ...(open > 0 ? [{ code: 1, calls: 1n }] : []),
      ...(failed > 0 ? [{ code: 5, calls: BigInt(failed) }] : []),
    ],
    messagesSent: BigInt(sent),
    messagesReceived: BigInt(calls),
    bytesSent: BigInt(bytes),
    bytesReceived: BigInt(30 * calls),
    skipped: BigInt(skipped),
    latency:
      calls > open
        ? { count: BigInt(calls - open), meanMs: 1.4 * ms, p50Ms: ms, p99Ms: 9 * ms, maxMs: 30 * ms }
        : { count: 0n },
  };
}

/** The worker, the host and a window, so many seconds after their start. */
export function fakeTraffic(seconds: number): Process[] {
  const wave = 1 + 0.4 * Math.sin(seconds / 4);
  const pictures = Math.round(30 * seconds);
  return [
    {
      process: "worker",
      countedS: seconds,
      methods: [
        served("acquisition.v1.AcquisitionService/StartRecording", { calls: 3, ms: 180, failed: 1 }),
        served("acquisition.v1.AcquisitionService/StopRecording", { calls: 2, ms: 420 }),
        served("acquisition.v1.AcquisitionService/WatchAcquisition", {
          calls: 2,
          open: 1,
          sent: Math.round(8 * seconds),
        }),
        served("camera.v1.CameraService/ConfigureCamera", { calls: 41, ms: 6, failed: 2 }),
        served("camera.v1.CameraService/ListCameras", { calls: 2, ms: 90 }),
        served("camera.v1.CameraService/WatchCamera", { calls: 2, open: 1, sent: 47 }),
        served("camera.v1.CameraService/WatchPreview", {
          calls: 5,
          open: 1,
          sent: pictures,
          bytes: Math.round(pictures * 524_288 * wave),
          skipped: 12,
        }),
        served("diagnostics.v1.DiagnosticsService/GetTraffic", { calls: Math.round(seconds), ms: 0.7 }),
        served("monitoring.v1.MonitoringService/WatchHardware", { calls: 2, open: 1, sent: Math.round(2 * seconds) }),
      ],
      connections: [
        {
          label: "operator window 1",
          build: "0.1.0",
          side: CallSide.SERVER,
          role: Role.OPERATOR,
          state: "open",
          connectedS: seconds,
          openCalls: 4,
          bytesInFlight: 524_288n,
          silenceMs: 12,
          clock,
        },
        {
          label: "operator window 2",
          build: "0.1.0",
          side: CallSide.SERVER,
          role: Role.VIEWER,
          state: "open",
          connectedS: 71,
          openCalls: 3,
          bytesInFlight: 1_048_576n,
          silenceMs: 3400,
          clock,
        },
      ],
      receivers: [
        {
          label: "operator window 1",
          method: "/macroscope.camera.v1.CameraService/WatchCamera",
          sentRevision: 47n,
          acknowledgedRevision: 47n,
        },
        {
          label: "operator window 2",
          method: "/macroscope.camera.v1.CameraService/WatchCamera",
          sentRevision: 47n,
          acknowledgedRevision: 45n,
          behindMs: 3400,
          skipped: 1n,
        },
        {
          label: "operator window 3",
          method: "/macroscope.acquisition.v1.AcquisitionService/WatchAcquisition",
          sentRevision: 812n,
          acknowledgedRevision: 640n,
          ended: true,
          reason: "Nothing was heard for 5.0 s.",
        },
      ],
    },
    {
      process: "host",
      countedS: seconds,
      methods: [
        served("application.v1.ApplicationService/GetApplication", { calls: 1 }),
        served("application.v1.ApplicationService/WatchWorker", { calls: 1, open: 1, sent: 3 }),
        served("diagnostics.v1.DiagnosticsService/ReportTraffic", { calls: Math.round(seconds / 5), ms: 0.3 }),
      ],
      connections: [
        {
          label: "operator window 1",
          build: "0.1.0",
          side: CallSide.SERVER,
          role: Role.OPERATOR,
          state: "open",
          connectedS: seconds,
          openCalls: 1,
          silenceMs: 310,
          clock,
        },
      ],
    },
    { process: "operator window 1", countedS: seconds, methods: [], connections: [] },
  ];
}
