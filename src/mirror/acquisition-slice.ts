/** The recording: the one that runs, else the last one. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { AcquisitionState as AcquisitionStateMessage } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import type { Plain } from "./from-proto";
import { newer } from "./revisions";
import type { Revised } from "./revisions";

export type AcquisitionMirror = Plain<AcquisitionStateMessage>;

export interface AcquisitionSliceState {
  readonly current: Revised<AcquisitionMirror> | null;
}

const initialState: AcquisitionSliceState = { current: null };

const slice = createSlice({
  name: "acquisition",
  initialState,
  reducers: {
    acquisitionArrived: (state, action: PayloadAction<Revised<AcquisitionMirror>>): AcquisitionSliceState => ({
      current: newer((state as AcquisitionSliceState).current, action.payload),
    }),
  },
});

export const { acquisitionArrived } = slice.actions;
export const acquisitionReducer = slice.reducer;
