/** The program's windows and displays, as main tells them. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { WindowsState } from "../../gen/ts/macroscope/window/v1/window_pb";
import type { Plain } from "./from-proto";
import { newer } from "./revisions";
import type { Revised } from "./revisions";

export type WindowsMirror = Plain<WindowsState>;

export interface WindowsSliceState {
  readonly current: Revised<WindowsMirror> | null;
  /** Whether there is somebody who has windows: not in a browser. */
  readonly served: boolean;
}

const initialState: WindowsSliceState = { current: null, served: true };

const slice = createSlice({
  name: "windows",
  initialState,
  reducers: {
    windowsArrived: (state, action: PayloadAction<Revised<WindowsMirror>>): WindowsSliceState => ({
      served: true,
      current: newer(state.current, action.payload),
    }),
    windowsAbsent: (): WindowsSliceState => ({ current: null, served: false }),
  },
});

export const { windowsArrived, windowsAbsent } = slice.actions;
export const windowsReducer = slice.reducer;
