/**
 * What is asked of the configuration. Each command names the revision that the window has. One that is refused because others changed something else
 * meanwhile is made again on theirs; one that would overwrite what others did is not made.
 */
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { UpdateConfigurationRequestSchema } from "../../gen/ts/macroscope/configuration/v1/configuration_pb";
import type { ConfigurationState } from "../../gen/ts/macroscope/configuration/v1/configuration_pb";
import { StaleRevisionSchema } from "../../gen/ts/macroscope/configuration/v1/errors_pb";
import { ConfigurationSchema } from "../../gen/ts/macroscope/configuration/v1/settings_pb";
import { toCommandError } from "./command-error";
import { configurationArrived, plainConfiguration } from "./configuration-slice";
import type { ConfigurationSliceState } from "./configuration-slice";
import { createCommand, stamped } from "./create-command";
import type { InstrumentClients } from "./instrument";
import { buildMessage } from "./parameter-values";
import type { ParameterChanges, ParameterValue, ParameterValues } from "./parameter-values";

type ConfigurationClient = InstrumentClients["configuration"];

/** A change is made anew on somebody else's revision at most so often. */
const REBASES = 2;

/** A command whose answer carries the configuration after it; it gives what `give` takes from the answer. */
export function configurationCommand<
  Argument = void,
  Answer extends { state?: ConfigurationState } = object,
  Given = undefined,
>(
  name: string,
  ask: (client: ConfigurationClient, argument: Argument, revision: bigint) => Promise<Answer>,
  give: (answer: Answer) => Given,
) {
  return createCommand<Given, Argument>(name, async (argument, { dispatch, extra, getState, rejectWithValue }) => {
    try {
      const { configuration } = getState() as { readonly configuration: ConfigurationSliceState };
      const revision = BigInt(configuration.current?.state.revision ?? 0);
      const answer = await ask(extra.clients.configuration, argument, revision);
      if (answer.state) dispatch(configurationArrived(stamped(plainConfiguration(answer.state), extra)));
      return give(answer);
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  });
}

const nothing = () => undefined;

/** Sets fields by path, all or none; null takes a value away. */
export const updateConfiguration = configurationCommand(
  "updateConfiguration",
  (client, changes: ParameterChanges, revision) => {
    const paths = Object.keys(changes);
    const configuration = buildMessage(ConfigurationSchema, setValues(changes));
    return rebased(revision, paths, (baseRevision) =>
      client.updateConfiguration(create(UpdateConfigurationRequestSchema, { baseRevision, configuration, paths })),
    );
  },
  nothing,
);

/** Gives fields their defaults. */
export const resetConfiguration = configurationCommand(
  "resetConfiguration",
  (client, paths: readonly string[], revision) =>
    rebased(revision, paths, (baseRevision) => client.resetConfiguration({ baseRevision, paths: [...paths] })),
  nothing,
);

/** Takes the last change back: the one that the window shows, so it is not made on another's revision. */
export const undoConfiguration = configurationCommand(
  "undoConfiguration",
  (client, _: undefined, baseRevision) => client.undoConfiguration({ baseRevision }),
  nothing,
);

/** Makes the change again that was taken back last. */
export const redoConfiguration = configurationCommand(
  "redoConfiguration",
  (client, _: undefined, baseRevision) => client.redoConfiguration({ baseRevision }),
  nothing,
);

/** The values that changes set; those that they take away are named by their paths alone. */
export function setValues(changes: ParameterChanges): ParameterValues {
  const set: Record<string, ParameterValue> = {};
  for (const [path, value] of Object.entries(changes)) if (value !== null) set[path] = value;
  return set;
}

/** Makes a change, again on the newest revision while others changed nothing of what is asked for. */
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
      if (changedPaths.length === 0) throw error;
      if (changedPaths.some((changed) => paths.some((path) => overlap(changed, path)))) throw error;
      base = stale.revision;
    }
  }
}

/** Whether one path names the other, or something in it. */
function overlap(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}
