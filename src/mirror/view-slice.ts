/**
 * How the picture is looked at: contrast, gamma, marks, overlay. The operator's window owns it; preview windows follow it.
 *
 * Black and white are parts of the camera's full range, so that they mean the same when its depth changes.
 */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";

/** The view, whole. */
export interface ViewMirror {
  readonly black: number;
  readonly white: number;
  readonly automatic: boolean;
  readonly gamma: number;
  readonly markSaturated: boolean;
  readonly showRegions: boolean;
  /** Empty: no overlay. */
  readonly referenceId: string;
  readonly referenceOpacity: number;
}

export interface ViewSliceState extends ViewMirror {
  /** Grows with every change. */
  readonly revision: number;
}

/** What the picture begins with, and goes back to. */
export const PLAIN_VIEW: ViewMirror = {
  black: 0,
  white: 1,
  automatic: true,
  gamma: 1,
  markSaturated: true,
  showRegions: true,
  referenceId: "",
  referenceOpacity: 0.5,
};

/** Black and white are at least so far apart: one of 65 536 steps. */
export const LEAST_SPAN = 1 / 65_536;
export const GAMMA_RANGE = { min: 0.1, max: 10 } as const;

const initialState: ViewSliceState = { ...PLAIN_VIEW, revision: 1 };

const slice = createSlice({
  name: "view",
  initialState,
  reducers: {
    /** Changes what is present; out-of-range values are brought into range. */
    viewChanged: (state, action: PayloadAction<Partial<ViewMirror>>): ViewSliceState =>
      changedView(state, action.payload),
    /** As the window that owns the view says it is. */
    viewArrived: (_, action: PayloadAction<ViewSliceState>): ViewSliceState => action.payload,
  },
});

export const { viewChanged, viewArrived } = slice.actions;
export const viewReducer = slice.reducer;

/** The view after a change; the same object when nothing changes. */
export function changedView(before: ViewSliceState, change: Partial<ViewMirror>): ViewSliceState {
  const wanted = { ...before, ...change };
  const black = clamp(wanted.black, 0, 1 - LEAST_SPAN);
  const after: ViewSliceState = {
    ...wanted,
    black,
    white: clamp(wanted.white, black + LEAST_SPAN, 1),
    gamma: clamp(wanted.gamma, GAMMA_RANGE.min, GAMMA_RANGE.max),
    referenceOpacity: clamp(wanted.referenceOpacity, 0, 1),
  };
  const same = (Object.keys(after) as (keyof ViewSliceState)[]).every((key) => after[key] === before[key]);
  return same ? before : { ...after, revision: before.revision + 1 };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
