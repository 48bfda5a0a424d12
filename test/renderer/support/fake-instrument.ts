/**
 * An instrument in memory: the four services over Connect's router transport, with state that a test or the gallery sets.
 *
 * It has no timers of its own: `run()` starts the pictures and counts, for looking at; tests push.
 */
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import {
  AcquisitionPhase,
  AcquisitionService,
  AcquisitionStateSchema,
  RecordingOutcome,
} from "../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import type { AcquisitionState, StartRecordingRequest } from "../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import {
  ApplicationService,
  WorkerPhase,
  WorkerProcessSchema,
} from "../../../gen/ts/macroscope/application/v1/application_pb";
import {
  CameraPhase,
  CameraService,
  CameraStateSchema,
  ListCamerasResponseSchema,
} from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import type { CameraState, PreviewFrame } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { CameraNotFoundSchema, ParameterRejectedSchema } from "../../../gen/ts/macroscope/camera/v1/errors_pb";
import { CameraSettingsSchema } from "../../../gen/ts/macroscope/camera/v1/settings_pb";
import type { CameraSettings } from "../../../gen/ts/macroscope/camera/v1/settings_pb";
import { DiagnosticsService } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import type { ProcessTrafficSchema } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { HardwareStatusSchema, MonitoringService } from "../../../gen/ts/macroscope/monitoring/v1/monitoring_pb";
import { createClients } from "../../../src/mirror";
import type { Instrument, InstrumentClients } from "../../../src/mirror";
import { buildMessage, readValues } from "../../../src/mirror/parameter-values";
import { CAMERAS, CORTEX, liveState, UNAVAILABLE } from "./fake-cameras";
import { FakeChannel } from "./fake-channel";
import { FakeImaging } from "./fake-imaging";
import { FakeConfiguration } from "./fake-configuration";
import { FakeNotifications } from "./fake-notifications";
import { FakePictures } from "./fake-picture";
import { FakeRuns } from "./fake-runs";
import { FakeWindows } from "./fake-windows";
import { FakeWorkflow } from "./fake-workflow";
import { FakeStimulus } from "./fake-stimulus";
import { Feed } from "./feed";

const GIGABYTE = 1_000_000_000n;

export class FakeInstrument implements Instrument {
  readonly channels = { host: new FakeChannel(1n), worker: new FakeChannel(1n), main: new FakeChannel(1n) };
  readonly clients: InstrumentClients;
  readonly cameras = new Feed<CameraState>(create(CameraStateSchema, { ...liveState(CORTEX), revision: 1n }));
  readonly acquisition = new Feed<AcquisitionState>(
    create(AcquisitionStateSchema, {
      revision: 1n,
      phase: AcquisitionPhase.IDLE,
      defaultDirectory: "/data/macroscope",
      freeBytes: 412n * GIGABYTE,
      bytesPerS: 62_914_560,
    }),
  );
  readonly worker = new Feed(
    create(WorkerProcessSchema, { revision: 1n, phase: WorkerPhase.RUNNING, pid: 4711, epoch: 1n }),
  );
  readonly hardware = new Feed(
    create(HardwareStatusSchema, {
      camera: { live: true, frameRateHz: 30, lastFrameAgeMs: 12 },
      ring: { slots: 64, usedSlots: 1, highestUsedSlots: 3 },
      disk: { directory: "/data/macroscope", freeBytes: 412n * GIGABYTE, secondsLeft: 6549 },
      worker: { pid: 4711, uptimeS: 340, residentBytes: 412_000_000n, cpuPercent: 21, loopLagMs: 0.4 },
    }),
  );
  readonly preview = new Feed<PreviewFrame | undefined>(undefined);
  readonly workflow = new FakeWorkflow();
  readonly windows = new FakeWindows();
  readonly notifications = new FakeNotifications();
  readonly runs = new FakeRuns();
  readonly stimulus = new FakeStimulus();
  readonly imaging = new FakeImaging();
  readonly configuration = new FakeConfiguration();
  /** What the next call of a method is refused with, by method name. */
  readonly refusals = new Map<string, ConnectError>();
  /** Requests that came, newest last. */
  readonly asked: { method: string; request: unknown }[] = [];
  /** What `GetTraffic` answers, of host and worker alike. */
  traffic: () => MessageInitShape<typeof ProcessTrafficSchema>[] = () => [];
  listing = create(ListCamerasResponseSchema, { cameras: [...CAMERAS], unavailableDrivers: UNAVAILABLE });

  constructor() {
    const transport = createRouterTransport((router) => {
      this.windows.register(router, this.answer);
      this.imaging.register(router, this.answer);
      this.configuration.register(router, this.answer);
      for (const service of [this.workflow, this.notifications, this.runs, this.stimulus])
        service.register(router, this.answer);
      router.service(CameraService, {
        listCameras: (request) => this.answer("listCameras", request, () => this.listing),
        selectCamera: (request) =>
          this.answer("selectCamera", request, () => ({ state: this.select(request.cameraId) })),
        configureCamera: (request) =>
          this.answer("configureCamera", request, () => ({ state: this.configure(request.settings) })),
        watchCamera: (_, { signal }) => wrapped(this.cameras.watch(signal), (state) => ({ state })),
        watchPreview: (request, { signal }) => {
          this.asked.push({ method: "watchPreview", request });
          return wrapped(this.preview.watch(signal), (frame) => (frame ? { frame } : {}));
        },
      });
      router.service(AcquisitionService, {
        startRecording: (request) => this.answer("startRecording", request, () => ({ state: this.start(request) })),
        stopRecording: (request) => this.answer("stopRecording", request, () => this.stop()),
        watchAcquisition: (_, { signal }) => wrapped(this.acquisition.watch(signal), (state) => ({ state })),
      });
      router.service(MonitoringService, {
        watchHardware: (_, { signal }) => wrapped(this.hardware.watch(signal), (status) => ({ status })),
      });
      router.service(DiagnosticsService, {
        getTraffic: (request) => this.answer("getTraffic", request, () => ({ processes: this.traffic() })),
        reportTraffic: () => ({}),
      });
      router.service(ApplicationService, {
        getApplication: () => ({ version: "0.1.0" }),
        watchWorker: (_, { signal }) => wrapped(this.worker.watch(signal), (worker) => ({ worker })),
        startWorker: (request) => this.answer("startWorker", request, () => ({ worker: this.worker.current })),
      });
    });
    this.clients = createClients(transport, transport, transport);
  }

  /** Changes the camera's state and tells everyone. */
  changeCamera(change: Partial<CameraState>): CameraState {
    const before = this.cameras.current;
    this.cameras.push(create(CameraStateSchema, { ...before, ...change, revision: before.revision + 1n }));
    return this.cameras.current;
  }

  /** Changes the recording's state and tells everyone. */
  changeAcquisition(change: Partial<AcquisitionState>): AcquisitionState {
    const before = this.acquisition.current;
    this.acquisition.push(create(AcquisitionStateSchema, { ...before, ...change, revision: before.revision + 1n }));
    return this.acquisition.current;
  }

  /** Streams of the worker end as they do when the process is gone. */
  breakWorkerStreams(): void {
    const error = new ConnectError("There is no worker to talk to.", Code.Unavailable);
    for (const feed of [this.cameras, this.acquisition, this.hardware, this.preview]) feed.fail(error);
    this.workflow.states.fail(error);
    this.notifications.lists.fail(error);
    this.stimulus.states.fail(error);
    for (const feed of [this.imaging.regions, this.imaging.histogram, this.imaging.courses]) feed.fail(error);
  }

  /** Pictures and counts by the clock, until the returned function is called. */
  run(rateHz = 30): () => void {
    const pictures = new FakePictures(512, this.cameras.current.significantBits);
    const startedMs = performance.now();
    const timer = setInterval(() => {
      if (this.cameras.current.phase === CameraPhase.LIVE) this.preview.push(pictures.next());
      const { recording, phase } = this.acquisition.current;
      if (recording && phase === AcquisitionPhase.RECORDING) {
        const captured = recording.capturedFrames + 1n;
        this.changeAcquisition({
          recording: {
            ...recording,
            capturedFrames: captured,
            writtenFrames: captured - 2n,
            durableFrames: captured - 17n,
            bytesWritten: recording.bytesWritten + 2_097_152n,
            elapsedS: recording.elapsedS + 1 / rateHz,
          },
          freeBytes: this.acquisition.current.freeBytes - 2_097_152n,
        });
      }
    }, 1000 / rateHz);
    const sampler = setInterval(() => {
      const { worker } = this.hardware.current;
      const uptimeS = (performance.now() - startedMs) / 1000;
      this.hardware.push({ ...this.hardware.current, ...(worker ? { worker: { ...worker, uptimeS } } : {}) });
    }, 500);
    const stopImaging = this.imaging.run();
    return () => {
      stopImaging();
      clearInterval(timer);
      clearInterval(sampler);
    };
  }

  private readonly answer = <Answer>(method: string, request: unknown, work: () => Answer): Answer => {
    this.asked.push({ method, request });
    const refusal = this.refusals.get(method);
    if (!refusal) return work();
    this.refusals.delete(method);
    throw refusal;
  };

  private select(cameraId: string): CameraState {
    const camera = this.listing.cameras.find((one) => one.id === cameraId);
    if (camera) return this.changeCamera(liveState(camera));
    throw new ConnectError(`There is no camera ${cameraId}. Rescan, or choose another.`, Code.NotFound, undefined, [
      { desc: CameraNotFoundSchema, value: { cameraId, knownIds: this.listing.cameras.map((one) => one.id) } },
    ]);
  }

  private configure(changes: CameraSettings | undefined): CameraState {
    const before = this.cameras.current;
    const values = changes ? readValues(CameraSettingsSchema, changes) : {};
    for (const [parameter, requested] of Object.entries(values)) {
      const limits = before.limits.find((one) => one.parameter === parameter);
      const range = limits?.range;
      if (!range || typeof requested !== "number" || (requested >= range.minimum && requested <= range.maximum))
        continue;
      const message = `${parameter} can be ${range.minimum} to ${range.maximum} on this camera, asked was ${requested}.`;
      throw new ConnectError(message, Code.OutOfRange, undefined, [
        { desc: ParameterRejectedSchema, value: { parameter, requested, limits } },
      ]);
    }
    const kept = before.settings ? readValues(CameraSettingsSchema, before.settings) : {};
    const settings = buildMessage(CameraSettingsSchema, { ...kept, ...values });
    return this.changeCamera({ settings });
  }

  private start(request: StartRecordingRequest): AcquisitionState {
    return this.changeAcquisition({
      phase: AcquisitionPhase.RECORDING,
      recording: {
        $typeName: "macroscope.acquisition.v1.RecordingSummary",
        runId: `20260301-101500_${request.name}`,
        directory: `${request.directory || "/data/macroscope"}/20260301-101500_${request.name}`,
        cameraId: this.cameras.current.camera?.id ?? "",
        plannedFrames: request.plannedFrames,
        capturedFrames: 17n,
        writtenFrames: 15n,
        durableFrames: 0n,
        drops: [],
        bytesWritten: 0n,
        startedUnixNs: 1_772_360_100_000_000_001n,
        startedNs: 340_000_000_000n,
        elapsedS: 0,
        outcome: RecordingOutcome.INCOMPLETE,
      },
    });
  }

  private stop() {
    const { recording, phase } = this.acquisition.current;
    if (!recording || phase === AcquisitionPhase.IDLE) return {};
    const frames = recording.capturedFrames;
    const summary = { ...recording, writtenFrames: frames, durableFrames: frames, outcome: RecordingOutcome.COMPLETE };
    this.changeAcquisition({ phase: AcquisitionPhase.IDLE, recording: summary });
    return { summary };
  }
}

async function* wrapped<Value, Answer>(
  values: AsyncIterable<Value>,
  wrap: (value: Value) => Answer,
): AsyncGenerator<Answer> {
  for await (const value of values) yield wrap(value);
}
