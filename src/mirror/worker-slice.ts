/** The worker process, as its host sees it. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import { WorkerPhase } from "../../gen/ts/macroscope/application/v1/application_pb";
import type { WorkerProcess } from "../../gen/ts/macroscope/application/v1/application_pb";
import type { Plain } from "./from-proto";

export type WorkerMirror = Plain<WorkerProcess>;

export interface WorkerSliceState {
  readonly process: WorkerMirror | null;
  readonly receivedAtMs: number;
  /** Wall clock of the ends seen in the last minute; the host gives up when they are too many. */
  readonly recentEndsMs: readonly number[];
}

/** The host gives up after more restarts than this within a minute. */
export const RESTARTS_ALLOWED = 3;
const RESTART_WINDOW_MS = 60_000;

const initialState: WorkerSliceState = { process: null, receivedAtMs: 0, recentEndsMs: [] };

const slice = createSlice({
  name: "worker",
  initialState,
  reducers: {
    workerArrived: (
      state,
      action: PayloadAction<{ process: WorkerMirror; receivedAtMs: number }>,
    ): WorkerSliceState => {
      const { process, receivedAtMs } = action.payload;
      const before = state as WorkerSliceState;
      const recent = before.recentEndsMs.filter((endMs) => receivedAtMs - endMs < RESTART_WINDOW_MS);
      const ended =
        process.phase === WorkerPhase.RESTARTING && before.process?.phase !== WorkerPhase.RESTARTING
          ? [receivedAtMs]
          : [];
      return { process, receivedAtMs, recentEndsMs: [...recent, ...ended] };
    },
  },
});

export const { workerArrived } = slice.actions;
export const workerReducer = slice.reducer;
