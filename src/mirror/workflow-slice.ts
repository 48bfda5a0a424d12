/** The workflow: phase, what may be asked for, checks, and the run. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { WorkflowState as WorkflowStateMessage } from "../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { Plain } from "./from-proto";
import { newer } from "./revisions";
import type { Revised } from "./revisions";

export type WorkflowMirror = Plain<WorkflowStateMessage>;
export type RunMirror = NonNullable<WorkflowMirror["run"]>;
export type SweepMirror = RunMirror["shown"][number];
export type CheckMirror = NonNullable<WorkflowMirror["preflight"]>["checks"][number];

export interface WorkflowSliceState {
  readonly current: Revised<WorkflowMirror> | null;
}

const initialState: WorkflowSliceState = { current: null };

const slice = createSlice({
  name: "workflow",
  initialState,
  reducers: {
    workflowArrived: (state, action: PayloadAction<Revised<WorkflowMirror>>): WorkflowSliceState => ({
      current: newer((state as WorkflowSliceState).current, action.payload),
    }),
  },
});

export const { workflowArrived } = slice.actions;
export const workflowReducer = slice.reducer;
