/** What is asked about presets: named configurations, kept by the worker as files that people can read. */
import { toCommandError } from "./command-error";
import { configurationCommand } from "./configuration-commands";
import { presetsListed } from "./configuration-slice";
import { createCommand } from "./create-command";
import { toPlain } from "./from-proto";
import { asking } from "./newest-question";

/** Reads the list of presets. */
export const listPresets = createCommand<undefined>("listPresets", async (_, { dispatch, extra, rejectWithValue }) => {
  const isNewest = asking(extra, "presets");
  try {
    const listing = toPlain(await extra.clients.configuration.listPresets({}));
    if (isNewest()) dispatch(presetsListed(listing));
    return undefined;
  } catch (error) {
    return rejectWithValue(toCommandError(error));
  }
});

/** Saves the configuration under a name; it fails with AlreadyExists where there is one, unless `overwrite` is set. */
export const savePreset = configurationCommand(
  "savePreset",
  (client, asked: { readonly name: string; readonly overwrite: boolean }) => client.savePreset(asked),
  () => undefined,
);

/** Makes a preset the configuration; gives what of it could not be had. */
export const loadPreset = configurationCommand(
  "loadPreset",
  (client, name: string, { revision: baseRevision }) => client.loadPreset({ baseRevision, name }),
  ({ leftOut }) => leftOut,
);

/** Deletes a preset's file. */
export const deletePreset = createCommand("deletePreset", async (name: string, { extra, rejectWithValue }) => {
  try {
    await extra.clients.configuration.deletePreset({ name });
    return undefined;
  } catch (error) {
    return rejectWithValue(toCommandError(error));
  }
});

/** Gives a preset's file; an empty name is the configuration as it is now. */
export const exportConfiguration = createCommand(
  "exportConfiguration",
  async (presetName: string, { extra, rejectWithValue }) => {
    try {
      return toPlain(await extra.clients.configuration.exportConfiguration({ presetName }));
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Makes the text of a preset's file the configuration; gives what of it could not be had. */
export const importConfiguration = configurationCommand(
  "importConfiguration",
  (client, text: string, { revision: baseRevision }) => client.importConfiguration({ baseRevision, text }),
  ({ leftOut }) => leftOut,
);
