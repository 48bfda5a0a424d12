/** The worker process, as its host sees it. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { WorkerProcess } from "../../gen/ts/macroscope/application/v1/application_pb";
import type { Plain } from "./from-proto";

export type WorkerMirror = Plain<WorkerProcess>;

export interface WorkerSliceState {
  readonly process: WorkerMirror | null;
  readonly receivedAtMs: number;
}

/** The host gives up after more restarts than this within a minute. */
export const RESTARTS_ALLOWED = 3;

const initialState: WorkerSliceState = { process: null, receivedAtMs: 0 };

const slice = createSlice({
  name: "worker",
  initialState,
  reducers: {
    workerArrived: (_state, action: PayloadAction<WorkerSliceState>): WorkerSliceState => action.payload,
  },
});

export const { workerArrived } = slice.actions;
export const workerReducer = slice.reducer;
