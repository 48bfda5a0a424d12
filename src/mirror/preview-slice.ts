/** Figures about the preview, a few times a second. Never pixels. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";

/** What is known of the preview pictures as they arrive. */
export interface PreviewFigures {
  readonly frameId: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Image pixels, in each direction, in one preview pixel. */
  readonly binning: number;
  readonly imageWidthPx: number;
  readonly imageHeightPx: number;
  readonly significantBits: number;
  readonly saturatedPx: number;
  /** Pictures shown a second. */
  readonly shownRateHz: number;
  /** Pictures that a newer one replaced before they were shown, since the window was opened. */
  readonly skipped: number;
  /** Wall clock when the last picture arrived, milliseconds. */
  readonly receivedAtMs: number;
}

export interface PreviewSliceState {
  readonly figures: PreviewFigures | null;
  /** The window is hidden, so none are asked for. */
  readonly paused: boolean;
}

const initialState: PreviewSliceState = { figures: null, paused: false };

const slice = createSlice({
  name: "preview",
  initialState,
  reducers: {
    previewFigured: (state, action: PayloadAction<PreviewFigures | null>): PreviewSliceState => ({
      ...state,
      figures: action.payload,
    }),
    previewPaused: (state, action: PayloadAction<boolean>): PreviewSliceState => ({ ...state, paused: action.payload }),
  },
});

export const { previewFigured, previewPaused } = slice.actions;
export const previewReducer = slice.reducer;
