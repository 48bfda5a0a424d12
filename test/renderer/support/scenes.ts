/** States of the instrument worth looking at. */
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  AcquisitionPhase,
  DropReason,
  RecordingOutcome,
  RecordingSummarySchema,
} from "../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { SpaceNeededSchema } from "../../../gen/ts/macroscope/acquisition/v1/errors_pb";
import { WorkerPhase, WorkerProcessSchema } from "../../../gen/ts/macroscope/application/v1/application_pb";
import { RegionSchema, RegionShape } from "../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { AcquisitionHealthSchema } from "../../../gen/ts/macroscope/monitoring/v1/monitoring_pb";
import { CameraPhase, ListCamerasResponseSchema } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { configureCamera, startRecording } from "../../../src/mirror";
import type { MirrorStore } from "../../../src/mirror";
import { CONFIGURATION_SCENES } from "./configuration-scenes";
import { DAY_SCENES } from "./day-scenes";
import { fakeTraffic } from "./fake-traffic";
import { BASLER, liveState, UNAVAILABLE } from "./fake-cameras";
import type { FakeInstrument } from "./fake-instrument";

type Scene = (instrument: FakeInstrument, store: MirrorStore) => void;

const SUMMARY = {
  runId: "20260301-101500_mouse12",
  directory: "/data/macroscope/20260301-101500_mouse12",
  cameraId: "simulated:cortex",
  plannedFrames: 22_260n,
  capturedFrames: 6_620n,
  writtenFrames: 6_618n,
  durableFrames: 6_603n,
  bytesWritten: 13_880_000_000n,
  startedUnixNs: 1_772_360_100_000_000_001n,
  elapsedS: 221.3,
  outcome: RecordingOutcome.INCOMPLETE,
};

const recording: Scene = (instrument) => {
  instrument.changeAcquisition({
    phase: AcquisitionPhase.RECORDING,
    recording: create(RecordingSummarySchema, SUMMARY),
  });
};

/** After the picture is there, so that the loss is seen on top of it. */
function later(work: () => void): void {
  setTimeout(work, 1500);
}

export const SCENES: Readonly<Record<string, Scene>> = {
  regions: ({ imaging }) => {
    const place = { shape: RegionShape.ELLIPSE, widthPx: 220, heightPx: 160 };
    imaging.put(create(RegionSchema, { ...place, id: "a", name: "V1", xPx: 240, yPx: 420 }));
    imaging.put(create(RegionSchema, { ...place, id: "b", name: "LM", xPx: 560, yPx: 300, colour: 1 }));
    imaging.put(create(RegionSchema, { ...place, id: "c", name: "bone", xPx: 60, yPx: 60, colour: 9 }));
  },
  ...CONFIGURATION_SCENES,
  live: () => undefined,
  ...DAY_SCENES,
  basler: (instrument) => {
    instrument.changeCamera(liveState(BASLER));
  },
  recording,
  "recording-with-drops": (instrument, store) => {
    recording(instrument, store);
    instrument.changeAcquisition({
      recording: create(RecordingSummarySchema, {
        ...SUMMARY,
        plannedFrames: 0n,
        drops: [
          { reason: DropReason.RING_FULL, frames: 41n },
          { reason: DropReason.CAMERA_GAP, frames: 2n },
        ],
      }),
    });
  },
  recorded: (instrument) => {
    const ended = { ...SUMMARY, durableFrames: 6_620n, writtenFrames: 6_620n, outcome: RecordingOutcome.COMPLETE };
    instrument.changeAcquisition({ phase: AcquisitionPhase.IDLE, recording: create(RecordingSummarySchema, ended) });
  },
  "recording-failed": (instrument) => {
    instrument.changeAcquisition({
      phase: AcquisitionPhase.IDLE,
      recording: create(RecordingSummarySchema, {
        ...SUMMARY,
        outcome: RecordingOutcome.FAILED,
        drops: [{ reason: DropReason.WRITE_FAILED, frames: 17n }],
        fault: {
          message: "The disk is full.",
          remedy: "Free space or choose another folder; the frames up to here are safe.",
        },
      }),
    });
  },
  "worker-lost": (instrument, store) => {
    recording(instrument, store);
    later(() => {
      instrument.breakWorkerStreams();
      instrument.channels.worker.set({ phase: "lost", attempt: 1, reason: "The worker process ended." });
      instrument.worker.push(
        create(WorkerProcessSchema, {
          revision: 2n,
          phase: WorkerPhase.RESTARTING,
          restarts: 1,
          nextStartInMs: 60_000,
          reason: "The worker process was killed by signal 9.",
        }),
      );
    });
  },
  "worker-gave-up": (instrument) =>
    later(() => {
      instrument.breakWorkerStreams();
      instrument.channels.worker.set({ phase: "lost", attempt: 4, reason: "The worker process ended." });
      instrument.worker.push(
        create(WorkerProcessSchema, {
          revision: 9n,
          phase: WorkerPhase.GAVE_UP,
          restarts: 3,
          reason: "The worker ended 4 times within 60 s, the last time with exit code 1.",
          lastLines: [
            "Traceback (most recent call last):",
            '  File "macroscope_worker/__main__.py", line 88, in main',
            "    driver = entry_point.load()",
            "ImportError: libpylonbase.so.9: cannot open shared object file: No such file or directory",
          ],
        }),
      );
    }),
  "no-answer": (instrument) =>
    later(() => instrument.channels.worker.set({ phase: "stale", reason: "Nothing came for 3 s." })),
  refused: (instrument) =>
    instrument.channels.worker.set({
      phase: "refused",
      reason: "The worker speaks protocol 2, this window protocol 1.",
    }),
  "camera-failed": (instrument) => {
    later(() => {
      instrument.changeCamera({
        phase: CameraPhase.FAILED,
        fault: {
          $typeName: "macroscope.camera.v1.CameraFault",
          message: "The camera was unplugged or lost its power: no frame for 5 s.",
          remedy: "Check the cable, then choose the camera again.",
        },
      });
    });
  },
  "no-cameras": (instrument) => {
    instrument.listing = create(ListCamerasResponseSchema, { unavailableDrivers: UNAVAILABLE });
    instrument.changeCamera({ phase: CameraPhase.CLOSED, limits: [], camera: undefined });
    instrument.changeAcquisition({ bytesPerS: 0 });
  },
  "field-errors": (_instrument, store) => {
    void store.dispatch(configureCamera({ exposure_us: 5_000_000, "region_of_interest.width_px": 3000 }));
  },
  traffic: (instrument) => {
    const startedMs = performance.now() - 90_000;
    instrument.traffic = () => fakeTraffic((performance.now() - startedMs) / 1000);
  },
  "loop-stuck": (instrument) => {
    const acquisition = { running: true, beats: 18_204n, lastBeatAgeMs: 1300, stuck: true };
    const { hardware } = instrument;
    hardware.push({ ...hardware.current, acquisition: create(AcquisitionHealthSchema, acquisition) });
  },
  restarted: (instrument) => {
    const worker = { ...instrument.worker.current, restarts: 4, restartsInLastMinute: 2 };
    instrument.worker.push(create(WorkerProcessSchema, worker));
  },
  "no-space": (instrument, store) => {
    instrument.refusals.set(
      "startRecording",
      new ConnectError(
        "187 GB are needed, 41 GB are free on /data/macroscope. Plan fewer frames, bin, or choose another folder.",
        Code.ResourceExhausted,
        undefined,
        [{ desc: SpaceNeededSchema, value: { directory: "/data/macroscope", neededBytes: 187n, freeBytes: 41n } }],
      ),
    );
    void store.dispatch(startRecording({ name: "run", directory: "", plannedFrames: 22_260 }));
  },
};
