/** Commands that concern the picture: regions, snapshots, references of the vessels. */
import { toCommandError } from "./command-error";
import { createCommand } from "./create-command";
import { toPlain } from "./from-proto";
import { asking } from "./newest-question";
import { pictureSaved, referencesListed } from "./pictures-slice";
import type { ReferenceMirror } from "./pictures-slice";
import { regionAnswered, regionWished } from "./regions-slice";
import type { RegionMirror } from "./regions-slice";

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

/** Saves the newest frame; `pictures.saved` says where. */
export const takeSnapshot = createCommand(
  "takeSnapshot",
  async (name: string, { dispatch, extra, rejectWithValue }) => {
    try {
      const { tiffPath } = await extra.clients.imaging.takeSnapshot({ name });
      dispatch(pictureSaved({ kind: "snapshot", path: tiffPath }));
      return undefined;
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
    if (reference) dispatch(pictureSaved({ kind: "reference", path: reference.path }));
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
    const isNewest = asking(extra, "references");
    try {
      const { references } = await extra.clients.imaging.listReferences({ animalId: "" });
      if (isNewest()) dispatch(referencesListed(references.map((one) => toPlain(one))));
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);
