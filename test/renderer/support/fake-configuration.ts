/** A configuration in memory that keeps the schema's real rules, revisions and presets; what follows from it is a simple sum of its own. */
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ConnectRouter } from "@connectrpc/connect";
import {
  ConfigurationService,
  ConfigurationStateSchema,
} from "../../../gen/ts/macroscope/configuration/v1/configuration_pb";
import type { ConfigurationState } from "../../../gen/ts/macroscope/configuration/v1/configuration_pb";
import {
  FixedDuringRunSchema,
  PresetProblemSchema,
  StaleRevisionSchema,
} from "../../../gen/ts/macroscope/configuration/v1/errors_pb";
import { ConfigurationSchema } from "../../../gen/ts/macroscope/configuration/v1/settings_pb";
import type { Configuration } from "../../../gen/ts/macroscope/configuration/v1/settings_pb";
import { InvalidFieldsSchema } from "../../../gen/ts/macroscope/rpc/v1/errors_pb";
import { configurationControls } from "../../../src/mirror";
import type { ParameterChanges, ParameterValues } from "../../../src/mirror";
import { buildMessage, readValues, sameValue, withChanges } from "../../../src/mirror/parameter-values";
import { brokenRules, derivedValues } from "./configuration-rules";
import { Feed } from "./feed";

type Answer = <Result>(method: string, request: unknown, work: () => Result) => Result;

interface Past {
  readonly values: ParameterValues;
  readonly label: string;
}

/** A preset's file. */
export interface FakePreset {
  readonly values: ParameterValues;
  readonly savedUnixNs: bigint;
  readonly summary: string;
  readonly problem: string;
}

/** Whose changes go over the window's own connection. */
const THIS_WINDOW = "operator window";

const DEFAULTS: ParameterValues = Object.fromEntries(
  [...configurationControls({}).values()].flatMap(({ path, defaultValue }) =>
    defaultValue === undefined ? [] : [[path, defaultValue]],
  ),
);

/** Kept when a preset is loaded. */
const OWN_PATHS = /^(session\.|display\.display_id$)/;

export class FakeConfiguration {
  readonly states: Feed<ConfigurationState>;
  readonly presets = new Map<string, FakePreset>();
  /** What the next loaded or imported preset asks for and cannot have. */
  leftOut: string[] = [];
  /** Forgets which paths others changed, as a worker does after a while. */
  forgetful = false;
  /** Answers come when this is settled; what was asked for is done and told at once. */
  answersAfter: Promise<unknown> = Promise.resolve();
  /** Called when an update has come, before it is looked at. */
  beforeUpdate: () => unknown = () => undefined;
  /** Nobody is told anything. */
  silent = false;
  /** The settings as they are. */
  values: ParameterValues = DEFAULTS;
  private readonly done: Past[] = [];
  private readonly undone: Past[] = [];
  private readonly log: { readonly revision: bigint; readonly paths: readonly string[] }[] = [];

  constructor() {
    this.states = new Feed(this.state({ revision: 1n, changedBy: "worker" }));
  }

  register(router: ConnectRouter, answer: Answer): void {
    router.service(ConfigurationService, {
      watchConfiguration: (_, { signal }) => (this.silent ? nothing() : statesOf(this.states, signal)),
      updateConfiguration: (request) =>
        answer("updateConfiguration", request, () => {
          this.beforeUpdate();
          this.demandRevision(request.baseRevision);
          const state = this.set(asked(request.configuration, request.paths), THIS_WINDOW);
          return this.answersAfter.then(() => ({ state }));
        }),
      evaluateConfiguration: (request) =>
        answer("evaluateConfiguration", request, () => {
          const values = withChanges(this.values, asked(request.configuration, request.paths));
          const problems = brokenRules(values).map(({ path, message, ruleId }) => ({ path, message, ruleId }));
          return { derived: derivedValues(values), problems };
        }),
      undoConfiguration: (request) =>
        answer("undoConfiguration", request, () => ({
          state: this.step(request.baseRevision, this.done, this.undone),
        })),
      redoConfiguration: (request) =>
        answer("redoConfiguration", request, () => ({
          state: this.step(request.baseRevision, this.undone, this.done),
        })),
      resetConfiguration: (request) =>
        answer("resetConfiguration", request, () => {
          this.demandRevision(request.baseRevision);
          const paths = [...configurationControls({}).keys()].filter((path) =>
            request.paths.some((one) => path === one || path.startsWith(`${one}.`)),
          );
          return {
            state: this.set(Object.fromEntries(paths.map((path) => [path, DEFAULTS[path] ?? null])), THIS_WINDOW),
          };
        }),
      listPresets: (request) =>
        answer("listPresets", request, () => ({
          presets: [...this.presets].map(([name, { savedUnixNs, summary, problem }]) => ({
            name,
            savedUnixNs,
            summary,
            problem,
          })),
          directory: "/data/macroscope/presets",
        })),
      savePreset: (request) => answer("savePreset", request, () => ({ state: this.save(request) })),
      loadPreset: (request) =>
        answer("loadPreset", request, () => {
          this.demandRevision(request.baseRevision);
          return { state: this.load(request.name), leftOut: this.leftOut };
        }),
      deletePreset: (request) =>
        answer("deletePreset", request, () => {
          this.preset(request.name);
          this.presets.delete(request.name);
          return {};
        }),
      exportConfiguration: (request) =>
        answer("exportConfiguration", request, () => ({
          fileName: `${request.presetName || "configuration"}.json`,
          text: JSON.stringify(request.presetName ? this.preset(request.presetName).values : this.values, null, 2),
        })),
      importConfiguration: (request) =>
        answer("importConfiguration", request, () => {
          this.demandRevision(request.baseRevision);
          return { state: this.set(this.read(request.text), THIS_WINDOW, "Import"), leftOut: this.leftOut };
        }),
    });
  }

  /** Changes fields as another window does, and tells everyone. */
  change(changes: ParameterChanges, by: string): ConfigurationState {
    return this.set(changes, by);
  }

  /** A run begins or ends. */
  holdForRun(runActive: boolean): void {
    const { current } = this.states;
    this.push({ ...current, revision: current.revision + 1n, runActive });
  }

  private set(changes: ParameterChanges, by: string, label = ""): ConfigurationState {
    const controls = configurationControls({});
    const paths = Object.keys(changes).filter((path) => !sameValue(this.values[path], changes[path]));
    const fixed = paths.filter(
      (path) => this.states.current.runActive && controls.get(path)?.changeableInRun === false,
    );
    if (fixed.length > 0) {
      throw new ConnectError("A run goes on and holds these fixed.", Code.FailedPrecondition, undefined, [
        { desc: FixedDuringRunSchema, value: { paths: fixed, runId: "run" } },
      ]);
    }
    const after = withChanges(this.values, changes);
    const broken = brokenRules(after);
    if (broken.length > 0) {
      throw new ConnectError("The configuration breaks rules of the schema.", Code.InvalidArgument, undefined, [
        {
          desc: InvalidFieldsSchema,
          value: {
            messageType: ConfigurationSchema.typeName,
            violations: broken.map(({ path, message, ruleId }) => ({ field: path, message, rule: ruleId })),
          },
        },
      ]);
    }
    if (paths.length === 0) return this.states.current;
    const labels = paths.map((path) => controls.get(path)?.label ?? path);
    this.done.push({ values: this.values, label: label || labels.join(", ") });
    this.undone.length = 0;
    return this.become(after, by, paths);
  }

  private become(values: ParameterValues, changedBy: string, paths: readonly string[]): ConfigurationState {
    this.values = values;
    const revision = this.states.current.revision + 1n;
    this.log.push({ revision, paths });
    const { presetName, runActive } = this.states.current;
    this.push(this.state({ revision, changedBy, presetName, runActive }));
    return this.states.current;
  }

  private step(baseRevision: bigint, from: Past[], to: Past[]): ConfigurationState {
    this.demandRevision(baseRevision);
    const past = from.pop();
    if (!past) throw new ConnectError("There is nothing to take back.", Code.FailedPrecondition);
    to.push({ values: this.values, label: past.label });
    const paths = Object.keys({ ...this.values, ...past.values });
    return this.become(
      past.values,
      THIS_WINDOW,
      paths.filter((path) => !sameValue(this.values[path], past.values[path])),
    );
  }

  private save({ name, overwrite }: { readonly name: string; readonly overwrite: boolean }): ConfigurationState {
    if (this.presets.has(name) && !overwrite) {
      throw new ConnectError(`There is a preset "${name}" already.`, Code.AlreadyExists);
    }
    const summary = "Bar 20°, 9°/s, 10 sweeps, 4 directions";
    this.presets.set(name, { values: this.values, savedUnixNs: 1_772_360_100_000_000_001n, summary, problem: "" });
    const { current } = this.states;
    this.push({ ...current, revision: current.revision + 1n, presetName: name, differsFromPreset: false });
    return this.states.current;
  }

  private load(name: string): ConfigurationState {
    const { values, problem } = this.preset(name);
    if (problem) {
      const detail = { desc: PresetProblemSchema, value: { name, cause: problem } };
      throw new ConnectError(`The preset "${name}" cannot be read: ${problem}`, Code.FailedPrecondition, undefined, [
        detail,
      ]);
    }
    const paths = Object.keys({ ...this.values, ...values }).filter((path) => !OWN_PATHS.test(path));
    this.set(Object.fromEntries(paths.map((path) => [path, values[path] ?? null])), THIS_WINDOW, `Preset ${name}`);
    const { current } = this.states;
    this.push({ ...current, revision: current.revision + 1n, presetName: name, differsFromPreset: false });
    return this.states.current;
  }

  private preset(name: string): FakePreset {
    const preset = this.presets.get(name);
    if (preset) return preset;
    throw new ConnectError(`There is no preset "${name}".`, Code.NotFound, undefined, [
      { desc: PresetProblemSchema, value: { name, cause: "It is not there." } },
    ]);
  }

  private read(text: string): ParameterChanges {
    try {
      return JSON.parse(text) as ParameterValues;
    } catch {
      throw new ConnectError("This is no preset file: it is not JSON.", Code.FailedPrecondition, undefined, [
        { desc: PresetProblemSchema, value: { name: "", cause: "It is not JSON." } },
      ]);
    }
  }

  private demandRevision(baseRevision: bigint): void {
    const { revision, changedBy } = this.states.current;
    if (baseRevision === revision) return;
    const later = this.log.filter((one) => one.revision > baseRevision).flatMap(({ paths }) => paths);
    throw new ConnectError("Somebody has changed the configuration since.", Code.Aborted, undefined, [
      {
        desc: StaleRevisionSchema,
        value: { baseRevision, revision, changedPaths: this.forgetful ? [] : [...new Set(later)], changedBy },
      },
    ]);
  }

  private state(
    about: Pick<ConfigurationState, "revision" | "changedBy"> & { presetName?: string; runActive?: boolean },
  ): ConfigurationState {
    const preset = this.presets.get(about.presetName ?? "");
    return create(ConfigurationStateSchema, {
      ...about,
      configuration: buildMessage(ConfigurationSchema, this.values),
      derived: derivedValues(this.values),
      undoLabel: this.done.at(-1)?.label ?? "",
      redoLabel: this.undone.at(-1)?.label ?? "",
      differsFromPreset: preset !== undefined && JSON.stringify(preset.values) !== JSON.stringify(this.values),
    });
  }

  private push(state: ConfigurationState): void {
    this.states.push(create(ConfigurationStateSchema, state));
  }
}

/** What a request asks for: its values at its paths, null where it has none. */
function asked(configuration: Configuration | undefined, paths: readonly string[]): ParameterChanges {
  const values = configuration ? readValues(ConfigurationSchema, configuration) : {};
  return Object.fromEntries(paths.map((path) => [path, values[path] ?? null]));
}

async function* statesOf(states: Feed<ConfigurationState>, signal: AbortSignal) {
  for await (const state of states.watch(signal)) yield { state };
}

async function* nothing(): AsyncGenerator<never> {
  yield* await new Promise<never[]>(() => undefined);
}
