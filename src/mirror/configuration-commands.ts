/**
 * What is asked of the configuration. Each names the revision that the window has; one that is refused because others changed something else meanwhile is
 * made again on theirs, and one that would overwrite what others did is not made.
 */
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { UpdateConfigurationRequestSchema } from "../../gen/ts/macroscope/configuration/v1/configuration_pb";
import type { ConfigurationState } from "../../gen/ts/macroscope/configuration/v1/configuration_pb";
import { StaleRevisionSchema } from "../../gen/ts/macroscope/configuration/v1/errors_pb";
import { ConfigurationSchema } from "../../gen/ts/macroscope/configuration/v1/settings_pb";
import { toCommandError } from "./command-error";
import { configurationArrived, plainConfiguration, presetsListed } from "./configuration-slice";
import type { ConfigurationSliceState } from "./configuration-slice";
import { createCommand, stamped } from "./create-command";
import type { CommandTools } from "./create-command";
import { toPlain } from "./from-proto";
import { buildMessage } from "./parameter-values";
import type { ParameterChanges, ParameterValues } from "./parameter-values";

/** A change is made anew on somebody else's revision at most so often. */
const REBASES = 2;

/** Sets fields by path, all or none; null takes a value away. */
export const updateConfiguration = createCommand(
  "updateConfiguration",
  async (changes: ParameterChanges, { dispatch, extra, getState, rejectWithValue }) => {
    try {
      const paths = Object.keys(changes);
      const configuration = buildMessage(ConfigurationSchema, setValues(changes));
      const { state } = await rebased(revisionOf(getState()), paths, (baseRevision) => {
        const request = create(UpdateConfigurationRequestSchema, { baseRevision, configuration, paths });
        return extra.clients.configuration.updateConfiguration(request);
      });
      arrive(dispatch, extra, state);
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Gives fields their defaults. */
export const resetConfiguration = createCommand(
  "resetConfiguration",
  async (paths: readonly string[], { dispatch, extra, getState, rejectWithValue }) => {
    try {
      const { state } = await rebased(revisionOf(getState()), paths, (baseRevision) =>
        extra.clients.configuration.resetConfiguration({ baseRevision, paths: [...paths] }),
      );
      arrive(dispatch, extra, state);
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Takes the last change back: the one that the window shows, so it is not made on another's revision. */
export const undoConfiguration = createCommand<undefined>(
  "undoConfiguration",
  async (_, { dispatch, extra, getState, rejectWithValue }) => {
    try {
      const baseRevision = revisionOf(getState());
      arrive(dispatch, extra, (await extra.clients.configuration.undoConfiguration({ baseRevision })).state);
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Makes the change again that was taken back last. */
export const redoConfiguration = createCommand<undefined>(
  "redoConfiguration",
  async (_, { dispatch, extra, getState, rejectWithValue }) => {
    try {
      const baseRevision = revisionOf(getState());
      arrive(dispatch, extra, (await extra.clients.configuration.redoConfiguration({ baseRevision })).state);
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Reads the list of presets. */
export const listPresets = createCommand<undefined>("listPresets", async (_, { dispatch, extra, rejectWithValue }) => {
  try {
    dispatch(presetsListed(toPlain(await extra.clients.configuration.listPresets({}))));
    return undefined;
  } catch (error) {
    return rejectWithValue(toCommandError(error));
  }
});

/** Saves the configuration under a name. */
export const savePreset = createCommand(
  "savePreset",
  async (asked: { readonly name: string; readonly overwrite: boolean }, { dispatch, extra, rejectWithValue }) => {
    try {
      arrive(dispatch, extra, (await extra.clients.configuration.savePreset(asked)).state);
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Makes a preset the configuration; gives what of it could not be had. */
export const loadPreset = createCommand(
  "loadPreset",
  async (name: string, { dispatch, extra, getState, rejectWithValue }) => {
    try {
      const baseRevision = revisionOf(getState());
      const { state, leftOut } = await extra.clients.configuration.loadPreset({ baseRevision, name });
      arrive(dispatch, extra, state);
      return leftOut;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
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

/** The text of a preset's file; an empty name is the configuration as it is now. */
export const exportConfiguration = createCommand(
  "exportConfiguration",
  async (presetName: string, { extra, rejectWithValue }) => {
    try {
      const { fileName, text } = await extra.clients.configuration.exportConfiguration({ presetName });
      return { fileName, text };
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Makes the text of a preset's file the configuration; gives what of it could not be had. */
export const importConfiguration = createCommand(
  "importConfiguration",
  async (text: string, { dispatch, extra, getState, rejectWithValue }) => {
    try {
      const baseRevision = revisionOf(getState());
      const { state, leftOut } = await extra.clients.configuration.importConfiguration({ baseRevision, text });
      arrive(dispatch, extra, state);
      return leftOut;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** The values that changes set; those that they take away are named by their paths alone. */
export function setValues(changes: ParameterChanges): ParameterValues {
  const set: Record<string, ParameterValues[string]> = {};
  for (const [path, value] of Object.entries(changes)) if (value !== null) set[path] = value;
  return set;
}

/** Makes a change, again on the newest revision while that changed nothing of what is asked for. */
async function rebased<Answer>(
  revision: bigint,
  paths: readonly string[],
  change: (baseRevision: bigint) => Promise<Answer>,
): Promise<Answer> {
  let base = revision;
  for (let rebases = 0; ; rebases += 1) {
    try {
      return await change(base);
    } catch (thrown) {
      const error = ConnectError.from(thrown);
      const stale = error.findDetails(StaleRevisionSchema)[0];
      if (error.code !== Code.Aborted || !stale || rebases === REBASES) throw error;
      // No paths: it is not known any more what was changed.
      const { changedPaths } = stale;
      if (changedPaths.length === 0 || changedPaths.some((one) => paths.some((path) => overlap(one, path))))
        throw error;
      base = stale.revision;
    }
  }
}

/** Whether one path names the other, or something in it. */
function overlap(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

function revisionOf(mirror: unknown): bigint {
  const { configuration } = mirror as { readonly configuration: ConfigurationSliceState };
  return BigInt(configuration.current?.state.revision ?? 0);
}

function arrive(
  dispatch: (action: ReturnType<typeof configurationArrived>) => unknown,
  tools: CommandTools,
  state: ConfigurationState | undefined,
): void {
  if (state) dispatch(configurationArrived(stamped(plainConfiguration(state), tools)));
}
