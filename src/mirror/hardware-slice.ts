/** The last sample of the hardware's health. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { HardwareStatus } from "../../gen/ts/macroscope/monitoring/v1/monitoring_pb";
import type { Plain } from "./from-proto";

export type HardwareMirror = Plain<HardwareStatus>;

export interface HardwareSliceState {
  readonly status: HardwareMirror | null;
  /** Wall clock when it arrived, milliseconds. */
  readonly receivedAtMs: number;
}

const initialState: HardwareSliceState = { status: null, receivedAtMs: 0 };

const slice = createSlice({
  name: "hardware",
  initialState,
  reducers: {
    hardwareSampled: (_state, action: PayloadAction<{ status: HardwareMirror; receivedAtMs: number }>) =>
      action.payload as HardwareSliceState,
  },
});

export const { hardwareSampled } = slice.actions;
export const hardwareReducer = slice.reducer;
