/** States of a day worth looking at: its phases, what goes wrong in a run, and what is told. */
import { Direction } from "../../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { create } from "@bufbuild/protobuf";
import { VerifyRunResponseSchema } from "../../../gen/ts/macroscope/acquisition/v1/runs_pb";
import { AcquisitionPhase, RecordingOutcome } from "../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { WorkerPhase, WorkerProcessSchema } from "../../../gen/ts/macroscope/application/v1/application_pb";
import { Severity } from "../../../gen/ts/macroscope/notification/v1/notification_pb";
import {
  RunOutcome,
  RunStep,
  SweepOutcome,
  Verb,
  WorkflowPhase,
} from "../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { startRun, verifyRun } from "../../../src/mirror";
import type { MirrorStore } from "../../../src/mirror";
import type { FakeInstrument } from "./fake-instrument";
import { CHECKS, MIXED_CHECKS, runAt, STATED_NS, sweepAt, sweepsUpTo, WARNED_CHECKS } from "./fake-run";
import { transitionRefused, transitionsIn } from "./fake-workflow";

type Scene = (instrument: FakeInstrument, store: MirrorStore) => void;
type RunChange = Parameters<typeof runAt>[0];

const FAILED_GUARD = {
  id: "checks_passed",
  reason: "1 check failed: Free space.",
  remedy: "Mend it, and run the checks again.",
};

const WINDOW_LOST =
  "The stimulus window closed in the sweep. Open it again, then press Resume: the sweep is shown again.";

/** A run that goes on, and the recording that it makes. */
function acquiring(instrument: FakeInstrument, change: RunChange = {}): void {
  const run = runAt(change);
  instrument.changeAcquisition({
    phase: AcquisitionPhase.RECORDING,
    recording: {
      $typeName: "macroscope.acquisition.v1.RecordingSummary",
      runId: run.runId,
      directory: run.directory,
      cameraId: "simulated:cortex",
      plannedFrames: 0n,
      capturedFrames: run.capturedFrames,
      writtenFrames: run.capturedFrames,
      durableFrames: run.capturedFrames,
      drops: [],
      bytesWritten: run.capturedFrames * 2_097_152n,
      startedUnixNs: 1_772_360_100_000_000_001n,
      startedNs: run.startedNs,
      elapsedS: run.elapsedS,
      outcome: RecordingOutcome.INCOMPLETE,
    },
  });
  instrument.workflow.change({ phase: WorkflowPhase.ACQUISITION, run, statedNs: STATED_NS, preflight: PASSED });
}

const PASSED = { checks: [...CHECKS], madeNs: 300_000_000_000n, configurationRevision: 1n };

function reviewing(instrument: FakeInstrument, change: RunChange): void {
  const run = runAt({ step: RunStep.ENDED, stepEndsNs: 0n, remainingS: 0, ...change });
  instrument.workflow.change({ phase: WorkflowPhase.REVIEW, run, preflight: PASSED });
}

const WITH_REPEATED = [
  ...sweepsUpTo(12),
  sweepAt(12, 12, SweepOutcome.BROKEN),
  ...Array.from({ length: 28 }, (_, place) => sweepAt(13 + place, 12 + place, SweepOutcome.COMPLETE)),
];

export const DAY_SCENES: Readonly<Record<string, Scene>> = {
  "start-up": (instrument) => {
    instrument.workflow.change({ phase: WorkflowPhase.START_UP });
  },
  "preflight-running": (instrument) => {
    const preflight = { checks: [...CHECKS.slice(0, 3)], running: true };
    instrument.workflow.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight });
  },
  "preflight-passed": (instrument) => {
    instrument.workflow.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight: PASSED });
  },
  "preflight-warned": (instrument) => {
    const preflight = { ...PASSED, checks: [...WARNED_CHECKS] };
    instrument.workflow.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight });
  },
  "preflight-mixed": (instrument) => {
    const transitions = transitionsIn(WorkflowPhase.PRE_FLIGHT, { [Verb.START_RUN]: FAILED_GUARD });
    const preflight = { ...PASSED, checks: [...MIXED_CHECKS] };
    instrument.workflow.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight, transitions });
  },
  "preflight-outdated": (instrument) => {
    const guard = { id: "checks_current", reason: "The checks are outdated.", remedy: "Run the checks again." };
    const transitions = transitionsIn(WorkflowPhase.PRE_FLIGHT, { [Verb.START_RUN]: guard });
    const preflight = { ...PASSED, outdated: "The bar's width was changed since they were made." };
    instrument.workflow.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight, transitions });
  },
  "start-refused": (instrument, store) => {
    instrument.workflow.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight: PASSED });
    const guard = { id: "one_run", reason: "Another window has just started a run.", remedy: "Look at how it goes." };
    instrument.refusals.set("startRun", transitionRefused(Verb.START_RUN, WorkflowPhase.PRE_FLIGHT, guard));
    void store.dispatch(startRun([]));
  },
  "run-preparing": (instrument) =>
    acquiring(instrument, { step: RunStep.STARTING, shown: [], sweepNumber: 0, elapsedS: 0.4, stepEndsNs: 0n }),
  "run-sweep": (instrument) => acquiring(instrument),
  "run-broken": (instrument) =>
    acquiring(instrument, {
      shown: [...sweepsUpTo(15), sweepAt(15, 15, SweepOutcome.BROKEN), sweepAt(16, 15, SweepOutcome.RUNNING)],
      sweepNumber: 6,
      pausedS: 41,
      droppedFrames: 3n,
    }),
  "run-pausing": (instrument) => acquiring(instrument, { pauseAsked: true }),
  "run-paused": (instrument) =>
    acquiring(instrument, { step: RunStep.PAUSED, stepEndsNs: 0n, pausedS: 12, shown: sweepsUpTo(17) }),
  "run-stimulus-lost": (instrument) => {
    acquiring(instrument, {
      step: RunStep.PAUSED,
      stepEndsNs: 0n,
      pausedS: 12,
      pauseReason: WINDOW_LOST,
      shown: sweepsUpTo(16, SweepOutcome.BROKEN),
    });
    instrument.notifications.post({
      severity: Severity.ERROR,
      source: "workflow",
      code: "stimulus_window_lost",
      message: "The stimulus window closed in sweep 17; the run is paused.",
      remedy: "Open it again, then press Resume.",
    });
  },
  "run-stopping": (instrument) => acquiring(instrument, { stopAfterSweepAsked: true }),
  "run-long": (instrument) =>
    acquiring(instrument, {
      sweeps: 400,
      sweepsPerDirection: 100,
      direction: Direction.LEFT_TO_RIGHT,
      directionNumber: 1,
      sweepNumber: 32,
      shown: Array.from({ length: 32 }, (_, place) => ({
        ...sweepAt(place, place, SweepOutcome.COMPLETE),
        direction: Direction.LEFT_TO_RIGHT,
        sweepNumber: place + 1,
      })),
      remainingS: 8640,
    }),
  "run-worker-lost": (instrument) => {
    acquiring(instrument);
    setTimeout(() => {
      instrument.breakWorkerStreams();
      instrument.channels.worker.set({ phase: "lost", attempt: 1, reason: "The worker process ended." });
      const reason = "The worker process was killed by signal 9.";
      const worker = { revision: 2n, phase: WorkerPhase.RESTARTING, restarts: 1, nextStartInMs: 60_000, reason };
      instrument.worker.push(create(WorkerProcessSchema, worker));
    }, 1500);
  },
  error: (instrument) => {
    instrument.workflow.change({
      phase: WorkflowPhase.ERROR,
      recoversTo: WorkflowPhase.SET_UP,
      fault: {
        message: "The disk of the recording folder is gone.",
        remedy: "Plug it in again, or choose another folder in Session.",
      },
    });
  },
  "error-hindered": (instrument) => {
    const guard = { id: "camera_live", reason: "No camera is live.", remedy: "Choose a camera on the right." };
    instrument.workflow.change({
      phase: WorkflowPhase.ERROR,
      recoversTo: WorkflowPhase.SET_UP,
      fault: { message: "The camera was unplugged or lost its power.", remedy: "Check the cable." },
      transitions: transitionsIn(WorkflowPhase.ERROR, { [Verb.RECOVER]: guard }),
    });
  },
  "review-complete": (instrument, store) => {
    reviewing(instrument, { outcome: RunOutcome.COMPLETE, shown: WITH_REPEATED, elapsedS: 931, pausedS: 41 });
    const frames = { goodFrames: 27_930n, expectedFrames: 27_930n, flips: 43_200n, sweeps: 41 };
    instrument.runs.verification.push(
      create(VerifyRunResponseSchema, { progress: 1, done: true, complete: true, ...frames }),
    );
    void store.dispatch(verifyRun(runAt().directory));
  },
  "review-failed": (instrument, store) => {
    reviewing(instrument, {
      outcome: RunOutcome.FAILED,
      shown: sweepsUpTo(16, SweepOutcome.BROKEN),
      droppedFrames: 17n,
      fault: { message: "The disk is full.", remedy: "Free space; the frames up to here are safe." },
    });
    instrument.runs.verification.push(create(VerifyRunResponseSchema, { progress: 0.37 }));
    void store.dispatch(verifyRun(runAt().directory));
  },
  "review-empty": (instrument) => {
    instrument.runs.entries = [];
    instrument.workflow.change({ phase: WorkflowPhase.REVIEW });
  },
  alarms: ({ notifications }) => {
    for (const part of ["first", "second", "third", "fourth"]) {
      notifications.post({
        severity: Severity.ERROR,
        source: "recording",
        code: `told_${part}`,
        message: `The ${part} thing that went wrong is told in a long sentence with a path in it, /data/macroscope/20260301-101500_mouse12/frames.zarr, and one more.`,
        remedy: "What has to be done about it takes two lines as well: look at the disk, then at the cable.",
      });
    }
  },
  notifications: (instrument) => {
    const { notifications } = instrument;
    notifications.post({
      source: "configuration",
      code: "preset_loaded",
      message: "The preset “mouse V1” was loaded.",
    });
    notifications.post({
      severity: Severity.WARNING,
      source: "recording",
      code: "disk_nearly_full",
      message: "The disk has room for 18 min at the camera's rate.",
      remedy: "Free space, or choose another folder.",
      count: 3,
    });
    notifications.post({
      severity: Severity.ERROR,
      source: "camera",
      code: "camera_silent",
      message: "No frame came for 5 s.",
      remedy: "Check the cable, then choose the camera again.",
    });
    const seen = notifications.post({
      source: "window",
      code: "preview_crashed",
      message: "A preview was opened again.",
    });
    notifications.change(seen.id, { acknowledgedBy: "operator window", acknowledgedUnixNs: seen.raisedUnixNs });
  },
};
