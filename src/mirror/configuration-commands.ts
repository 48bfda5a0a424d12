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
import { draftsMeant } from "./configuration-drafts-slice";
import type { ConfigurationDrafts, ConfigurationDraftsState } from "./configuration-drafts-slice";
import { configurationArrived, plainConfiguration } from "./configuration-slice";
import type { ConfigurationSliceState } from "./configuration-slice";
import { createCommand, stamped } from "./create-command";
import type { InstrumentClients } from "./instrument";
import { buildMessage, sameValue } from "./parameter-values";
import type { ParameterChanges, ParameterValue, ParameterValues } from "./parameter-values";

type ConfigurationClient = InstrumentClients["configuration"];

/** A change is made anew on somebody else's revision at most so often. */
const REBASES = 2;

/** What a command is made from: the window's own mirror as it is when its turn has come. */
interface Turn {
  readonly revision: bigint;
  readonly values: ParameterValues;
  readonly drafts: ConfigurationDrafts;
}

/**
 * A command whose answer carries the configuration after it; it gives what `give` takes from the answer. The commands of a window take turns, so that each
 * is made on what the one before gave. `own` names the values that it has changed, so that no draft takes them for somebody else's.
 */
export function configurationCommand<Argument, Answer extends { state?: ConfigurationState }, Given>(
  name: string,
  ask: (client: ConfigurationClient, argument: Argument, turn: Turn) => Promise<Answer>,
  give: (answer: Answer) => Given,
  own: (argument: Argument, turn: Turn, after: ParameterValues) => ParameterChanges = everyDraft,
) {
  return createCommand<Given, Argument>(name, async (argument, { dispatch, extra, getState, rejectWithValue }) => {
    try {
      const client = extra.clients.configuration;
      return await inTurn(client, async () => {
        const turn = turnOf(getState());
        const answer = await ask(client, argument, turn);
        if (answer.state) {
          const state = plainConfiguration(answer.state);
          dispatch(configurationArrived(stamped(state, extra)));
          dispatch(draftsMeant(own(argument, turnOf(getState()), state.values)));
        }
        return give(answer);
      });
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  });
}

/**
 * Sets fields by path, all or none; null takes a value away. Gives whether they are set: nothing is asked for while somebody else has changed a field to
 * something that whoever typed has not seen yet.
 */
export const updateConfiguration = configurationCommand(
  "updateConfiguration",
  (client, changes: ParameterChanges, { revision, values, drafts }): Promise<{ state?: ConfigurationState }> => {
    const paths = Object.keys(changes);
    const overtaken = (path: string) => {
      const draft = drafts[path];
      return draft !== undefined && !sameValue(values[path], draft.was) && !sameValue(values[path], changes[path]);
    };
    if (paths.some(overtaken)) return Promise.resolve({});
    const configuration = buildMessage(ConfigurationSchema, setValues(changes));
    return rebased(revision, paths, (baseRevision) =>
      client.updateConfiguration(create(UpdateConfigurationRequestSchema, { baseRevision, configuration, paths })),
    );
  },
  ({ state }) => state !== undefined,
  (changes) => changes,
);

/** Gives fields their defaults. */
export const resetConfiguration = configurationCommand(
  "resetConfiguration",
  (client, paths: readonly string[], { revision }) =>
    rebased(revision, paths, (baseRevision) => client.resetConfiguration({ baseRevision, paths: [...paths] })),
  nothing,
  (paths, _, after) => Object.fromEntries(paths.map((path) => [path, after[path] ?? null])),
);

/** Takes the last change back: the one that the window shows, so it is not made on another's revision. */
export const undoConfiguration = configurationCommand(
  "undoConfiguration",
  (client, _: undefined, { revision: baseRevision }) => client.undoConfiguration({ baseRevision }),
  nothing,
);

/** Makes the change again that was taken back last. */
export const redoConfiguration = configurationCommand(
  "redoConfiguration",
  (client, _: undefined, { revision: baseRevision }) => client.redoConfiguration({ baseRevision }),
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

/** The last turn of each window's commands. */
const turns = new WeakMap<ConfigurationClient, Promise<unknown>>();

function inTurn<Given>(client: ConfigurationClient, work: () => Promise<Given>): Promise<Given> {
  const mine = (turns.get(client) ?? Promise.resolve()).then(work);
  turns.set(
    client,
    mine.catch(() => undefined),
  );
  return mine;
}

function turnOf(mirror: unknown): Turn {
  const { configuration, configurationDrafts } = mirror as {
    readonly configuration: ConfigurationSliceState;
    readonly configurationDrafts: ConfigurationDraftsState;
  };
  return {
    revision: BigInt(configuration.current?.state.revision ?? 0),
    values: configuration.current?.state.values ?? {},
    drafts: configurationDrafts.drafts,
  };
}

/** A command that may change anything is made on the newest revision only, so whatever it changed is this window's doing. */
function everyDraft(_: unknown, { drafts }: Turn, after: ParameterValues): ParameterChanges {
  return Object.fromEntries(Object.keys(drafts).map((path) => [path, after[path] ?? null]));
}

function nothing(): undefined {
  return undefined;
}
