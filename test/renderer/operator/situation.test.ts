import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { AcquisitionPhase, AcquisitionStateSchema } from "../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { WorkerPhase, WorkerProcessSchema } from "../../../gen/ts/macroscope/application/v1/application_pb";
import { CameraPhase, CameraStateSchema } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { HardwareStatusSchema } from "../../../gen/ts/macroscope/monitoring/v1/monitoring_pb";
import { RunStep, WorkflowPhase } from "../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { makeStore } from "../../../src/mirror";
import type { MirrorState } from "../../../src/mirror";
import { plainCamera } from "../../../src/mirror/camera-slice";
import { toPlain } from "../../../src/mirror/from-proto";
import { isRecording, situationOf, workerAnswers } from "../../../src/renderer/operator/situation";
import { FakeInstrument } from "../support/fake-instrument";
import { runAt } from "../support/fake-run";
import { FakeWorkflow } from "../support/fake-workflow";

const blank = makeStore({ clients: new FakeInstrument().clients }).getState();
const live = { ...blank.connection.worker, phase: "live" as const, server: {} as never };

function state(change: {
  host?: Partial<MirrorState["connection"]["host"]>;
  worker?: Partial<MirrorState["connection"]["worker"]>;
  process?: WorkerPhase;
  camera?: CameraPhase;
  acquisition?: AcquisitionPhase;
  stuck?: boolean;
  workflow?: Parameters<FakeWorkflow["change"]>[0];
}): MirrorState {
  const { process, camera, acquisition, stuck = false } = change;
  const stamp = { epoch: "1", receivedAtMs: 0 };
  return {
    ...blank,
    connection: { host: { ...live, ...change.host }, worker: { ...live, ...change.worker } },
    hardware: { ...blank.hardware, status: toPlain(create(HardwareStatusSchema, { acquisition: { stuck } })) },
    worker: {
      ...blank.worker,
      process: process === undefined ? null : toPlain(create(WorkerProcessSchema, { phase: process })),
    },
    camera: {
      ...blank.camera,
      current:
        camera === undefined ? null : { ...stamp, state: plainCamera(create(CameraStateSchema, { phase: camera })) },
    },
    workflow: {
      current: change.workflow ? { ...stamp, state: toPlain(new FakeWorkflow().change(change.workflow)) } : null,
    },
    acquisition: {
      current:
        acquisition === undefined
          ? null
          : { ...stamp, state: toPlain(create(AcquisitionStateSchema, { phase: acquisition })) },
    },
  };
}

const run = (change: Parameters<typeof runAt>[0] = {}) => ({ phase: WorkflowPhase.ACQUISITION, run: runAt(change) });

describe("situationOf", () => {
  it.each([
    ["Live", "ok", state({ camera: CameraPhase.LIVE })],
    ["No camera", "quiet", state({ camera: CameraPhase.CLOSED })],
    ["Camera failed", "alarm", state({ camera: CameraPhase.FAILED })],
    ["Recording", "recording", state({ camera: CameraPhase.LIVE, acquisition: AcquisitionPhase.RECORDING })],
    ["Finishing", "recording", state({ camera: CameraPhase.LIVE, acquisition: AcquisitionPhase.STOPPING })],
    ["Preparing", "busy", state({ workflow: run({ step: RunStep.STARTING }), acquisition: AcquisitionPhase.STARTING })],
    ["Acquisition", "recording", state({ workflow: run(), acquisition: AcquisitionPhase.RECORDING })],
    ["Paused", "warn", state({ workflow: run({ step: RunStep.PAUSED }), acquisition: AcquisitionPhase.RECORDING })],
    [
      "Needs a hand",
      "alarm",
      state({ workflow: run({ step: RunStep.PAUSED, pauseReason: "The stimulus window closed." }) }),
    ],
    ["Finishing", "recording", state({ workflow: run({ step: RunStep.ENDING }) })],
    ["Error", "alarm", state({ workflow: { phase: WorkflowPhase.ERROR }, camera: CameraPhase.LIVE })],
    ["Starting", "busy", state({ workflow: { phase: WorkflowPhase.START_UP }, camera: CameraPhase.LIVE })],
    ["Live", "ok", state({ workflow: { phase: WorkflowPhase.REVIEW, run: runAt() }, camera: CameraPhase.LIVE })],
    // Whatever the workflow said last: nobody answers.
    ["Worker lost", "alarm", state({ workflow: run(), worker: { phase: "lost" } })],
    // A recording that gets no frames needs a hand, whatever its phase says.
    [
      "Camera stuck",
      "alarm",
      state({ camera: CameraPhase.LIVE, acquisition: AcquisitionPhase.RECORDING, stuck: true }),
    ],
    ["No answer", "alarm", state({ camera: CameraPhase.LIVE, worker: { phase: "stale" }, stuck: true })],
    // The link comes first: what was heard last may not hold any more.
    ["Worker lost", "alarm", state({ acquisition: AcquisitionPhase.RECORDING, process: WorkerPhase.RESTARTING })],
    ["Worker stopped", "alarm", state({ process: WorkerPhase.GAVE_UP, worker: { phase: "lost" } })],
    ["Worker lost", "alarm", state({ camera: CameraPhase.LIVE, worker: { phase: "connecting" } })],
    ["No answer", "alarm", state({ camera: CameraPhase.LIVE, worker: { phase: "stale" } })],
    ["No connection", "alarm", state({ camera: CameraPhase.LIVE, host: { phase: "lost" } })],
    ["Refused", "alarm", state({ worker: { phase: "refused" } })],
    ["Connecting", "busy", state({ worker: { phase: "connecting", server: null } })],
    ["Starting", "busy", state({ process: WorkerPhase.STARTING, worker: { phase: "lost", server: null } })],
  ])("%s, %s", (word, tone, given) => {
    expect(situationOf(given)).toEqual({ word, tone });
  });
});

describe("workerAnswers", () => {
  it("only when both channels are live and the process runs", () => {
    expect(workerAnswers(state({}))).toBe(true);
    expect(workerAnswers(state({ process: WorkerPhase.RUNNING }))).toBe(true);
    expect(workerAnswers(state({ process: WorkerPhase.RESTARTING }))).toBe(false);
    expect(workerAnswers(state({ worker: { phase: "stale" } }))).toBe(false);
    expect(workerAnswers(state({ host: { phase: "lost" } }))).toBe(false);
  });
});

describe("isRecording", () => {
  it("from start to the last frame on the disk", () => {
    expect(isRecording(state({ acquisition: AcquisitionPhase.STARTING }))).toBe(true);
    expect(isRecording(state({ acquisition: AcquisitionPhase.STOPPING }))).toBe(true);
    expect(isRecording(state({ acquisition: AcquisitionPhase.IDLE }))).toBe(false);
    expect(isRecording(state({}))).toBe(false);
  });
});
