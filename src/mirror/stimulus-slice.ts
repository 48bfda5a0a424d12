/** The stimulus: the display that shows it, what it is to show, and how well it does. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { StimulusState as StimulusStateMessage } from "../../gen/ts/macroscope/stimulus/v1/stimulus_pb";
import type { Plain } from "./from-proto";
import { newer } from "./revisions";
import type { Revised } from "./revisions";

export type StimulusMirror = Plain<StimulusStateMessage>;

export interface StimulusSliceState {
  readonly current: Revised<StimulusMirror> | null;
}

const initialState: StimulusSliceState = { current: null };

const slice = createSlice({
  name: "stimulus",
  initialState,
  reducers: {
    stimulusArrived: (state, action: PayloadAction<Revised<StimulusMirror>>): StimulusSliceState => ({
      current: newer((state as StimulusSliceState).current, action.payload),
    }),
  },
});

export const { stimulusArrived } = slice.actions;
export const stimulusReducer = slice.reducer;
