import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { WorkerPhase, WorkerProcessSchema } from "../../gen/ts/macroscope/application/v1/application_pb";
import { toPlain } from "../../src/mirror/from-proto";
import { workerArrived, workerReducer } from "../../src/mirror/worker-slice";
import type { WorkerSliceState } from "../../src/mirror/worker-slice";

function after(...steps: readonly (readonly [WorkerPhase, number])[]): WorkerSliceState {
  return steps.reduce<WorkerSliceState | undefined>(
    (state, [phase, receivedAtMs]) =>
      workerReducer(state, workerArrived({ process: toPlain(create(WorkerProcessSchema, { phase })), receivedAtMs })),
    undefined,
  )!;
}

describe("ends of the worker in the last minute", () => {
  it("counts each end once, however often the host tells of it", () => {
    const state = after(
      [WorkerPhase.RUNNING, 0],
      [WorkerPhase.RESTARTING, 1000],
      [WorkerPhase.RESTARTING, 1500],
      [WorkerPhase.RUNNING, 3000],
      [WorkerPhase.RESTARTING, 4000],
    );
    expect(state.recentEndsMs).toEqual([1000, 4000]);
  });

  it("forgets those of more than a minute ago", () => {
    expect(after([WorkerPhase.RESTARTING, 0], [WorkerPhase.RUNNING, 59_999]).recentEndsMs).toEqual([0]);
    expect(after([WorkerPhase.RESTARTING, 0], [WorkerPhase.RUNNING, 60_000]).recentEndsMs).toEqual([]);
  });
});
