/** Pictures on the worker's disk: the references of the vessels, and what was saved last from this window. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { Reference } from "../../gen/ts/macroscope/imaging/v1/imaging_pb";
import type { Plain } from "./from-proto";

export type ReferenceMirror = Plain<Reference>;

/** Something that was saved. */
export interface SavedPicture {
  readonly kind: "snapshot" | "reference";
  readonly path: string;
}

export interface PicturesSliceState {
  /** Newest first; null until they were asked for. */
  readonly references: readonly ReferenceMirror[] | null;
  /** Until somebody has seen it. */
  readonly saved: SavedPicture | null;
}

const initialState: PicturesSliceState = { references: null, saved: null };

const slice = createSlice({
  name: "pictures",
  initialState,
  reducers: {
    referencesListed: (state, action: PayloadAction<readonly ReferenceMirror[]>): PicturesSliceState => ({
      ...(state as PicturesSliceState),
      references: action.payload,
    }),
    pictureSaved: (state, action: PayloadAction<SavedPicture | null>): PicturesSliceState => ({
      ...(state as PicturesSliceState),
      saved: action.payload,
    }),
  },
});

export const { referencesListed, pictureSaved } = slice.actions;
export const picturesReducer = slice.reducer;
