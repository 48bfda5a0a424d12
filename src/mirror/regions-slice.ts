/** The regions that are watched: as the worker has them, and as this window has asked for them since. */
import { createSelector, createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { Region, WatchRegionsResponse } from "../../gen/ts/macroscope/imaging/v1/imaging_pb";
import type { Plain } from "./from-proto";
import { newer } from "./revisions";
import type { Revised } from "./revisions";

export type RegionMirror = Plain<Region>;
export type RegionsMirror = Plain<WatchRegionsResponse>;

/** A change that was asked for and is shown already. */
interface Wish {
  /** Undefined: removed. */
  readonly region: RegionMirror | undefined;
  /** Of the call that asks; a later one for the same region takes its place. */
  readonly requestId: string;
  /** The worker has it in this revision; undefined while it has not answered. */
  readonly revision: number | undefined;
}

export interface RegionsSliceState {
  readonly current: Revised<RegionsMirror> | null;
  /** By the region's id, in the order of asking. */
  readonly wishes: Readonly<Record<string, Wish>>;
  /** The one that keys and the histogram are about; it may be gone. */
  readonly selectedId: string;
  /** The last one that was removed here, to be had back. */
  readonly removed: RegionMirror | null;
}

const initialState: RegionsSliceState = { current: null, wishes: {}, selectedId: "", removed: null };

const slice = createSlice({
  name: "regions",
  initialState,
  reducers: {
    regionsArrived: (state, action: PayloadAction<Revised<RegionsMirror>>): RegionsSliceState => {
      const before = state as RegionsSliceState;
      const current = newer(before.current, action.payload);
      const sameWorker = before.current === null || before.current.epoch === current.epoch;
      const wishes = sameWorker ? unfulfilled(before.wishes, current.state.revision) : {};
      return { ...before, current, wishes };
    },
    /** A change was asked for; until the worker has it, it is shown as if it had. */
    regionWished: (
      state,
      action: PayloadAction<{ id: string; region: RegionMirror | undefined; requestId: string }>,
    ): RegionsSliceState => {
      const { id, region, requestId } = action.payload;
      const before = state as RegionsSliceState;
      const known = shownRegions(before).find((one) => one.id === id) ?? null;
      const removed = region === undefined ? known : before.removed?.id === id ? null : before.removed;
      return { ...before, removed, wishes: { ...before.wishes, [id]: { region, requestId, revision: undefined } } };
    },
    /** The worker has answered: with the revision that has it, or, undefined, that it refuses. */
    regionAnswered: (
      state,
      action: PayloadAction<{ id: string; requestId: string; revision: number | undefined }>,
    ): RegionsSliceState => {
      const { id, requestId, revision } = action.payload;
      const before = state as RegionsSliceState;
      const wish = before.wishes[id];
      if (wish?.requestId !== requestId) return before;
      const { [id]: _, ...others } = before.wishes;
      if (revision === undefined) return { ...before, wishes: others };
      const wishes = { ...before.wishes, [id]: { ...wish, revision } };
      return { ...before, wishes: unfulfilled(wishes, before.current?.state.revision ?? 0) };
    },
    regionSelected: (state, action: PayloadAction<string>): RegionsSliceState => ({
      ...(state as RegionsSliceState),
      selectedId: action.payload,
    }),
    /** Nobody wants it back. */
    regionRemovalSeen: (state): RegionsSliceState => ({ ...(state as RegionsSliceState), removed: null }),
  },
});

export const { regionsArrived, regionWished, regionAnswered, regionSelected, regionRemovalSeen } = slice.actions;
export const regionsReducer = slice.reducer;

/** What the regions are, or will be when the worker has answered; the same list while nothing changes. */
export const shownRegions: (state: RegionsSliceState) => readonly RegionMirror[] = createSelector(
  [({ current }: RegionsSliceState) => current?.state.regions, ({ wishes }: RegionsSliceState) => wishes],
  (regions, wishes) => withWishes(regions ?? [], wishes),
);

function withWishes(kept: readonly RegionMirror[], wishes: RegionsSliceState["wishes"]): readonly RegionMirror[] {
  if (Object.keys(wishes).length === 0) return kept;
  const changed = kept.flatMap((region) => {
    const wish = wishes[region.id];
    if (!wish) return [region];
    return wish.region ? [wish.region] : [];
  });
  const added = Object.entries(wishes).flatMap(([id, { region }]) =>
    region && !kept.some((one) => one.id === id) ? [region] : [],
  );
  return [...changed, ...added];
}

function unfulfilled(wishes: RegionsSliceState["wishes"], revision: number): RegionsSliceState["wishes"] {
  const left = Object.entries(wishes).filter(([, wish]) => wish.revision === undefined || wish.revision > revision);
  return left.length === Object.keys(wishes).length ? wishes : Object.fromEntries(left);
}
