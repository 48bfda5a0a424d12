/** Commands that concern the picture: regions, snapshots, references of the vessels. */
import { toCommandError } from "./command-error";
import { createCommand } from "./create-command";
import { toPlain } from "./from-proto";
import type { Plain } from "./from-proto";
import { referencesListed } from "./references-slice";
import type { ReferenceMirror } from "./references-slice";
import { regionAnswered, regionWished } from "./regions-slice";
import type { RegionMirror } from "./regions-slice";
import type { TakeSnapshotResponse } from "../../gen/ts/macroscope/imaging/v1/imaging_pb";

/** Where a snapshot went. */
export type SnapshotMirror = Plain<TakeSnapshotResponse>;

/** Adds a region, or changes the one of that id. It is shown at once, and taken back when the worker refuses. */
export const putRegion = createCommand(
  "putRegion",
  async (region: RegionMirror, { dispatch, extra, rejectWithValue, requestId }) => {
    const { id } = region;
    dispatch(regionWished({ id, region, requestId }));
    try {
      const { revision } = await extra.clients.imaging.putRegion({ region });
      dispatch(regionAnswered({ id, requestId, revision: Number(revision) }));
      return undefined;
    } catch (error) {
      dispatch(regionAnswered({ id, requestId, revision: undefined }));
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Removes a region; it is gone at once, and back when the worker refuses. */
export const removeRegion = createCommand(
  "removeRegion",
  async (id: string, { dispatch, extra, rejectWithValue, requestId }) => {
    dispatch(regionWished({ id, region: undefined, requestId }));
    try {
      const { revision } = await extra.clients.imaging.removeRegion({ id });
      dispatch(regionAnswered({ id, requestId, revision: Number(revision) }));
      return undefined;
    } catch (error) {
      dispatch(regionAnswered({ id, requestId, revision: undefined }));
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Saves the newest frame; gives the paths. */
export const takeSnapshot = createCommand<SnapshotMirror, string>(
  "takeSnapshot",
  async (name, { extra, rejectWithValue }) => {
    try {
      return toPlain(await extra.clients.imaging.takeSnapshot({ name }));
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Averages the next frames into a reference; gives it. */
export const takeReference = createCommand<
  ReferenceMirror | undefined,
  { readonly name: string; readonly frames: number }
>("takeReference", async (asked, { dispatch, extra, rejectWithValue }) => {
  try {
    const { reference } = await extra.clients.imaging.takeReference(asked);
    void dispatch(listReferences());
    return reference && toPlain(reference);
  } catch (error) {
    return rejectWithValue(toCommandError(error));
  }
});

/** Reads which references there are, of all animals. */
export const listReferences = createCommand<undefined>(
  "listReferences",
  async (_, { dispatch, extra, rejectWithValue }) => {
    try {
      const { references } = await extra.clients.imaging.listReferences({ animalId: "" });
      dispatch(referencesListed(references.map((one) => toPlain(one))));
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);
