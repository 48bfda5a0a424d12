/** The references of the vessels that are kept. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { Reference } from "../../gen/ts/macroscope/imaging/v1/imaging_pb";
import type { Plain } from "./from-proto";

export type ReferenceMirror = Plain<Reference>;

export interface ReferencesSliceState {
  /** Newest first; null until they were asked for. */
  readonly list: readonly ReferenceMirror[] | null;
}

const initialState: ReferencesSliceState = { list: null };

const slice = createSlice({
  name: "references",
  initialState,
  reducers: {
    referencesListed: (_, action: PayloadAction<readonly ReferenceMirror[]>): ReferencesSliceState => ({
      list: action.payload,
    }),
  },
});

export const { referencesListed } = slice.actions;
export const referencesReducer = slice.reducer;
