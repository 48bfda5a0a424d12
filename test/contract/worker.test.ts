/** The TypeScript client against the real Python worker, over its socket. */
import { Code, ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  FolderProblemSchema,
  RecordingConflictSchema,
  SpaceNeededSchema,
} from "../../gen/ts/macroscope/acquisition/v1/errors_pb";
import {
  AcquisitionPhase,
  AcquisitionService,
  RecordingOutcome,
} from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { ApplicationService } from "../../gen/ts/macroscope/application/v1/application_pb";
import {
  CameraPhase,
  CameraService,
  type CameraState,
  type PreviewFrame,
} from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { CameraNotFoundSchema, ParameterRejectedSchema } from "../../gen/ts/macroscope/camera/v1/errors_pb";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { MonitoringService } from "../../gen/ts/macroscope/monitoring/v1/monitoring_pb";
import {
  InvalidFieldsSchema,
  LimitExceededSchema,
  RoleNeededSchema,
  UnknownMethodSchema,
} from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { createClient, type Channel } from "../../src/rpc";
import { WorkerUnderTest } from "../support/running-worker";

let worker: WorkerUnderTest;
let channel: Channel;

beforeAll(async () => {
  worker = await WorkerUnderTest.start();
  channel = worker.channel();
}, 60_000);
afterAll(async () => {
  await worker.stop();
});

const camera = () => createClient(CameraService, channel.transport);
const acquisition = () => createClient(AcquisitionService, channel.transport);
const diagnostics = () => createClient(DiagnosticsService, channel.transport);

/** The error of a call that has to fail. */
async function failure(call: Promise<unknown>): Promise<ConnectError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectError)) throw new Error("The call did not fail with a ConnectError.");
  return error;
}

/** The first state that `accept` takes. */
async function cameraState(accept: (state: CameraState) => boolean): Promise<CameraState> {
  for await (const { state } of camera().watchCamera({})) if (state && accept(state)) return state;
  throw new Error("The stream ended.");
}

async function liveCamera(): Promise<CameraState> {
  return cameraState(({ phase }) => phase === CameraPhase.LIVE);
}

async function frames(count: number, maxPx = 256): Promise<PreviewFrame[]> {
  const found: PreviewFrame[] = [];
  for await (const { frame } of camera().watchPreview({ maxWidthPx: maxPx, maxHeightPx: maxPx, maxRateHz: 60 })) {
    if (frame) found.push(frame);
    if (found.length === count) break;
  }
  return found;
}

describe("the main job", () => {
  test("a simulated camera is live without being asked for", async () => {
    const state = await liveCamera();
    expect(state.camera?.simulated).toBe(true);
    expect(state.settings?.exposureUs).toBeGreaterThan(0);
    expect(state.limits.map(({ parameter }) => parameter)).toContain("exposure_us");
  });

  test("previews fit what was asked for, and their pixels are aligned", async () => {
    await liveCamera();
    const pictures = await frames(5);
    for (const picture of pictures) {
      expect(picture.widthPx).toBeLessThanOrEqual(256);
      expect(picture.pixels).toHaveLength(picture.widthPx * picture.heightPx * picture.bytesPerPixel);
      // Throws where the view is not aligned.
      expect(() => new Uint16Array(picture.pixels.buffer, picture.pixels.byteOffset)).not.toThrow();
    }
    const ids = pictures.map(({ frameId }) => frameId);
    expect(ids).toEqual(ids.toSorted((a, b) => Number(a - b)));
  });

  test("settings change, and everyone who watches is told", async () => {
    await liveCamera();
    const watched = cameraState(({ settings }) => settings?.exposureUs === 12_000);
    const { state } = await camera().configureCamera({ settings: { exposureUs: 12_000 } });
    expect(state?.settings?.exposureUs).toBe(12_000);
    expect((await watched).settings?.exposureUs).toBe(12_000);
  });

  test("a recording of planned length ends by itself, whole", async () => {
    await liveCamera();
    await acquisition().startRecording({ name: "planned", plannedFrames: 20n });
    for await (const { state } of acquisition().watchAcquisition({})) {
      if (state?.phase !== AcquisitionPhase.IDLE) continue;
      expect(state.recording).toMatchObject({ outcome: RecordingOutcome.COMPLETE, durableFrames: 20n });
      expect(state.recording?.drops).toEqual([]);
      break;
    }
  });

  test("the hardware's health comes at the rate asked for", async () => {
    const monitoring = createClient(MonitoringService, channel.transport);
    for await (const { status } of monitoring.watchHardware({ rateHz: 10 })) {
      expect(status?.worker?.pid).toBeGreaterThan(0);
      expect(status?.disk?.freeBytes).toBeGreaterThan(0n);
      break;
    }
  });

  test("a stop is answered while a recording runs, and twice is once", async () => {
    await liveCamera();
    await acquisition().startRecording({ name: "stopped" });
    const first = await acquisition().stopRecording({});
    expect(first.summary?.outcome).toBe(RecordingOutcome.COMPLETE);
    const second = await acquisition().stopRecording({});
    expect(second.summary?.runId).toBe(first.summary?.runId);
  });
});

describe("bad input", () => {
  test("unknown method", async () => {
    const error = await failure(createClient(ApplicationService, channel.transport).getApplication({}));
    expect(error.code).toBe(Code.Unimplemented);
    expect(error.findDetails(UnknownMethodSchema)[0]?.method).toContain("GetApplication");
  });

  test("invalid field", async () => {
    const error = await failure(camera().configureCamera({ settings: { exposureUs: -1 } }));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.findDetails(InvalidFieldsSchema)[0]?.violations[0]?.field).toBe("settings.exposure_us");
  });

  test("unknown camera", async () => {
    const error = await failure(camera().selectCamera({ cameraId: "simulated:none" }));
    expect(error.code).toBe(Code.NotFound);
    expect(error.findDetails(CameraNotFoundSchema)[0]?.knownIds).toContain("simulated:cortex-512");
  });

  test("exposure out of the camera's range", async () => {
    const { limits } = await liveCamera();
    const range = limits.find(({ parameter }) => parameter === "exposure_us")?.range;
    const error = await failure(camera().configureCamera({ settings: { exposureUs: (range?.maximum ?? 0) * 2 } }));
    expect(error.code).toBe(Code.OutOfRange);
    expect(error.findDetails(ParameterRejectedSchema)[0]).toMatchObject({
      parameter: "exposure_us",
      limits: { range },
    });
  });

  test("region of interest past the sensor", async () => {
    const { sensorWidthPx } = await liveCamera();
    const settings = { regionOfInterest: { widthPx: sensorWidthPx + 100 } };
    const error = await failure(camera().configureCamera({ settings }));
    expect(error.code).toBe(Code.OutOfRange);
    expect(error.findDetails(ParameterRejectedSchema)[0]?.parameter).toBe("region_of_interest.width_px");
  });

  test("second start while running", async () => {
    await liveCamera();
    await acquisition().startRecording({ name: "first" });
    const error = await failure(acquisition().startRecording({ name: "second" }));
    expect(error.code).toBe(Code.FailedPrecondition);
    expect(error.findDetails(RecordingConflictSchema)[0]?.runId).toContain("first");
    const { summary } = await acquisition().stopRecording({});
    expect(summary?.runId).toContain("first");
  });

  test("a run that does not fit on the disk", async () => {
    await liveCamera();
    const error = await failure(acquisition().startRecording({ name: "huge", plannedFrames: 100_000_000n }));
    expect(error.code).toBe(Code.ResourceExhausted);
    const detail = error.findDetails(SpaceNeededSchema)[0];
    expect(detail?.neededBytes).toBeGreaterThan(detail?.freeBytes ?? 0n);
  });

  test("a folder that cannot be written", async () => {
    await liveCamera();
    const error = await failure(acquisition().startRecording({ name: "nowhere", directory: "/proc/macroscope" }));
    expect([Code.PermissionDenied, Code.NotFound]).toContain(error.code);
    expect(error.findDetails(FolderProblemSchema)[0]?.directory).toContain("/proc/macroscope");
  });

  test("a request that is too large", async () => {
    const error = await failure(diagnostics().echo({ payload: new Uint8Array(2_000_000) }));
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(error.findDetails(LimitExceededSchema)[0]?.limit).toBe("max_request_bytes");
  });

  test("a viewer who wants to change something", async () => {
    const viewer = createClient(CameraService, worker.channel(Role.VIEWER).transport);
    const error = await failure(viewer.configureCamera({ settings: { exposureUs: 1000 } }));
    expect(error.code).toBe(Code.PermissionDenied);
    expect(error.findDetails(RoleNeededSchema)[0]).toMatchObject({ needed: Role.OPERATOR, given: Role.VIEWER });
  });

  test("a deadline that is too short", async () => {
    const endless = async () => {
      for await (const _message of diagnostics().flood({ messageBytes: 1, messages: 1_000_000 }, { timeoutMs: 50 }));
    };
    const error = await failure(endless());
    expect(error.code).toBe(Code.DeadlineExceeded);
  });

  test("leaves everything running", async () => {
    const payload = new TextEncoder().encode("still here");
    expect((await diagnostics().echo({ payload })).payload).toEqual(payload);
    expect((await liveCamera()).phase).toBe(CameraPhase.LIVE);
    expect(await frames(2)).toHaveLength(2);
  });
});

test("a flood arrives whole and in order", async () => {
  let next = 0;
  for await (const { index, block } of diagnostics().flood({ messageBytes: 200_000, messages: 200 })) {
    expect(index).toBe(next);
    expect(block).toHaveLength(200_000);
    next += 1;
  }
  expect(next).toBe(200);
});

test("a restarted application finds the worker that still runs", async () => {
  const found = await worker.launcher.find();
  expect(found?.pid).toBe(worker.worker.pid);
  expect(found?.epoch).toBe(worker.worker.epoch);
  found?.link.close("enough");
});
