import { create } from "@bufbuild/protobuf";
import { expect, it } from "vitest";
import { WorkerPhase, WorkerProcessSchema } from "../../gen/ts/macroscope/application/v1/application_pb";
import { toPlain } from "../../src/mirror/from-proto";
import { workerArrived, workerReducer } from "../../src/mirror/worker-slice";

it("keeps the worker as the host told it last, its restarts of the last minute included", () => {
  const process = toPlain(
    create(WorkerProcessSchema, { phase: WorkerPhase.RUNNING, restarts: 7, restartsInLastMinute: 2 }),
  );
  const state = workerReducer(undefined, workerArrived({ process, receivedAtMs: 5 }));
  expect(state).toEqual({ process, receivedAtMs: 5 });
  expect(state.process?.restartsInLastMinute).toBe(2);
});
