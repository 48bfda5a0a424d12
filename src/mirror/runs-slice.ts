/** The runs that lie on the disk, and what reading them whole has found. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { ListRunsResponse, VerifyRunResponse } from "../../gen/ts/macroscope/acquisition/v1/runs_pb";
import type { CommandError } from "./command-error";
import type { Plain } from "./from-proto";

export type RunListing = Plain<ListRunsResponse>;
export type RunEntryMirror = RunListing["runs"][number];

/** How far the reading of a run is, or what it found. */
export interface VerificationMirror {
  /** Null before the first word of it. */
  readonly report: Plain<VerifyRunResponse> | null;
  readonly running: boolean;
  /** Why it did not come to an end. */
  readonly error: CommandError | null;
}

export interface RunsSliceState {
  /** Null until the first list has come. */
  readonly listing: RunListing | null;
  /** By run folder. */
  readonly verifications: Readonly<Record<string, VerificationMirror>>;
}

const initialState: RunsSliceState = { listing: null, verifications: {} };

const slice = createSlice({
  name: "runs",
  initialState,
  reducers: {
    runsListed: (state, action: PayloadAction<RunListing>): RunsSliceState => ({
      ...(state as RunsSliceState),
      listing: action.payload,
    }),
    /** Null: it was given up, and is forgotten. */
    verificationChanged: (
      state,
      action: PayloadAction<{ readonly directory: string; readonly verification: VerificationMirror | null }>,
    ): RunsSliceState => {
      const { directory, verification } = action.payload;
      const before = state as RunsSliceState;
      const others = Object.entries(before.verifications).filter(([one]) => one !== directory);
      const kept = verification ? [...others, [directory, verification] as const] : others;
      return { ...before, verifications: Object.fromEntries(kept) };
    },
  },
});

export const { runsListed, verificationChanged } = slice.actions;
export const runsReducer = slice.reducer;
