/** The configuration, as values by path; who changed what last; and the presets there are. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type {
  ConfigurationState as ConfigurationStateMessage,
  ListPresetsResponse,
} from "../../gen/ts/macroscope/configuration/v1/configuration_pb";
import { ConfigurationSchema, DerivedValuesSchema } from "../../gen/ts/macroscope/configuration/v1/settings_pb";
import { toPlain } from "./from-proto";
import type { Plain } from "./from-proto";
import { readFigures, readValues, sameValue } from "./parameter-values";
import type { ParameterValues } from "./parameter-values";
import { newer } from "./revisions";
import type { Revised } from "./revisions";

/** The configuration as plain state. */
export interface ConfigurationMirror extends Omit<Plain<ConfigurationStateMessage>, "configuration" | "derived"> {
  /** By path of Configuration, "stimulus.gamma"; an absent path is a field without a value. */
  readonly values: ParameterValues;
  /** What follows from them, by field of DerivedValues; null when it could not be computed. */
  readonly derived: ParameterValues | null;
}

/** The presets, and those that cannot be read. */
export type PresetListing = Plain<ListPresetsResponse>;

export interface ConfigurationSliceState {
  readonly current: Revised<ConfigurationMirror> | null;
  /** Who changed a path, as far as this window has seen it change: as of the last revision that it saw. */
  readonly authors: Readonly<Record<string, string>>;
  /** Null until it was asked for. */
  readonly presets: PresetListing | null;
}

const initialState: ConfigurationSliceState = { current: null, authors: {}, presets: null };

/** A configuration's state without what a store cannot hold. */
export function plainConfiguration(message: ConfigurationStateMessage): ConfigurationMirror {
  const { configuration, derived, ...rest } = message;
  return {
    ...toPlain<Omit<ConfigurationStateMessage, "configuration" | "derived">>(rest),
    values: configuration ? readValues(ConfigurationSchema, configuration) : {},
    derived: derived ? readFigures(DerivedValuesSchema, derived) : null,
  };
}

const slice = createSlice({
  name: "configuration",
  initialState,
  reducers: {
    configurationArrived: (state, action: PayloadAction<Revised<ConfigurationMirror>>): ConfigurationSliceState => {
      const before = state as ConfigurationSliceState;
      const current = newer(before.current, action.payload);
      if (current === before.current) return before;
      return { ...before, current, authors: authorsAfter(before, current.state) };
    },
    presetsListed: (state, action: PayloadAction<PresetListing>): ConfigurationSliceState => ({
      ...(state as ConfigurationSliceState),
      presets: action.payload,
    }),
  },
});

export const { configurationArrived, presetsListed } = slice.actions;
export const configurationReducer = slice.reducer;

function authorsAfter({ current, authors }: ConfigurationSliceState, after: ConfigurationMirror) {
  if (current === null) return authors;
  const before = current.state.values;
  const paths = new Set([...Object.keys(before), ...Object.keys(after.values)]);
  const changed = [...paths].filter((path) => !sameValue(before[path], after.values[path]));
  return { ...authors, ...Object.fromEntries(changed.map((path) => [path, after.changedBy])) };
}
