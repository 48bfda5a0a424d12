/**
 * What was typed into this window's forms of the configuration and not yet taken. It stands in the store, so that changing between the forms loses
 * nothing, and so that rules and figures that need several groups are worked out from all of it.
 */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { ParameterValue, ParameterValues } from "./parameter-values";

/** The text that stands in a field. */
export interface ConfigurationDraft {
  readonly text: string;
  /** What the field was when somebody began to type; null: without a value. */
  readonly was: ParameterValue | null;
}

export type ConfigurationDrafts = Readonly<Record<string, ConfigurationDraft>>;

/** Why fields are not accepted as typed, by path: sentences. */
export type DraftProblems = Readonly<Record<string, string>>;

export interface ConfigurationDraftsState {
  readonly drafts: ConfigurationDrafts;
  /** Of the drafts as they were when they were judged last. */
  readonly problems: DraftProblems;
  /** What would follow from the drafts; null while that is not known. */
  readonly derived: ParameterValues | null;
}

const initialState: ConfigurationDraftsState = { drafts: {}, problems: {}, derived: null };

const slice = createSlice({
  name: "configurationDrafts",
  initialState,
  reducers: {
    /** `was` counts for the first text of a field only. */
    draftTyped: (state, action: PayloadAction<{ path: string } & ConfigurationDraft>): ConfigurationDraftsState => {
      const before = state as ConfigurationDraftsState;
      const { path, text, was } = action.payload;
      const draft = { text, was: before.drafts[path] === undefined ? was : before.drafts[path].was };
      return { ...before, drafts: { ...before.drafts, [path]: draft } };
    },
    draftsDropped: (state, action: PayloadAction<readonly string[]>): ConfigurationDraftsState =>
      without(state as ConfigurationDraftsState, action.payload),
    /** Drops the drafts of values that were taken, unless something else was typed since. */
    draftsTaken: (state, action: PayloadAction<Readonly<Record<string, string>>>): ConfigurationDraftsState => {
      const before = state as ConfigurationDraftsState;
      const taken = Object.entries(action.payload).filter(([path, text]) => before.drafts[path]?.text === text);
      return without(
        before,
        taken.map(([path]) => path),
      );
    },
    /** These values are known to whoever typed, who means the drafts all the same: somebody said so, or it was this window that set them. */
    draftsMeant: (state, action: PayloadAction<Readonly<Record<string, ParameterValue | null>>>) => {
      const before = state as ConfigurationDraftsState;
      const drafts = Object.entries(before.drafts).map(([path, draft]) => {
        const seen = action.payload[path];
        return [path, seen === undefined ? draft : { ...draft, was: seen }] as const;
      });
      return { ...before, drafts: Object.fromEntries(drafts) };
    },
    draftsJudged: (
      state,
      action: PayloadAction<Pick<ConfigurationDraftsState, "problems" | "derived">>,
    ): ConfigurationDraftsState => ({ ...(state as ConfigurationDraftsState), ...action.payload }),
  },
});

export const { draftTyped, draftsDropped, draftsTaken, draftsMeant, draftsJudged } = slice.actions;
export const configurationDraftsReducer = slice.reducer;

function without(state: ConfigurationDraftsState, paths: readonly string[]): ConfigurationDraftsState {
  const kept = <Value>(values: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(values).filter(([path]) => !paths.includes(path)));
  const drafts = kept(state.drafts);
  // Nothing is typed, so nothing can be wrong with it.
  return Object.keys(drafts).length === 0 ? initialState : { ...state, drafts, problems: kept(state.problems) };
}
