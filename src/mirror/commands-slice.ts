/** For each command: whether it is under way, and what its last attempt failed with. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { CommandError } from "./command-error";
import { configureCamera, listCameras, selectCamera, startRecording, startWorker, stopRecording } from "./commands";
import {
  redoConfiguration,
  resetConfiguration,
  undoConfiguration,
  updateConfiguration,
} from "./configuration-commands";
import {
  deletePreset,
  exportConfiguration,
  importConfiguration,
  listPresets,
  loadPreset,
  savePreset,
} from "./preset-commands";
import { listReferences, putRegion, removeRegion, takeReference, takeSnapshot } from "./imaging-commands";
import { acknowledgeNotifications, postNotification } from "./notification-commands";
import { listRuns } from "./run-commands";
import {
  chooseStimulusDisplay,
  closeWindow,
  focusWindow,
  identifyDisplays,
  openWindow,
  saveTextFile,
} from "./window-commands";
import { showStimulusTest } from "./stimulus-commands";
import { enterPhase, pauseRun, recover, resumeRun, runPreflight, startRun, stopRun } from "./workflow-commands";

const COMMANDS = {
  selectCamera,
  configureCamera,
  listCameras,
  startRecording,
  stopRecording,
  startWorker,
  enterPhase,
  runPreflight,
  startRun,
  pauseRun,
  resumeRun,
  stopRun,
  recover,
  acknowledgeNotifications,
  postNotification,
  listRuns,
  openWindow,
  closeWindow,
  focusWindow,
  chooseStimulusDisplay,
  identifyDisplays,
  saveTextFile,
  updateConfiguration,
  resetConfiguration,
  undoConfiguration,
  redoConfiguration,
  listPresets,
  savePreset,
  loadPreset,
  deletePreset,
  exportConfiguration,
  importConfiguration,
  showStimulusTest,
  putRegion,
  removeRegion,
  takeSnapshot,
  takeReference,
  listReferences,
};

export type CommandName = keyof typeof COMMANDS;

export interface CommandMirror {
  /** Attempts under way. */
  readonly pending: number;
  readonly error: CommandError | null;
}

export type CommandsState = Readonly<Record<CommandName, CommandMirror>>;

const IDLE: CommandMirror = { pending: 0, error: null };

const initialState = Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, IDLE])) as CommandsState;

const slice = createSlice({
  name: "commands",
  initialState,
  reducers: {
    commandErrorDismissed: (state, action: PayloadAction<CommandName>) => {
      state[action.payload].error = null;
    },
    /** Takes away the reasons beside these fields, because they were typed in again. */
    fieldErrorsDismissed: (state, action: PayloadAction<{ command: CommandName; paths: readonly string[] }>) => {
      const command = state[action.payload.command];
      const before = command.error;
      if (!before) return;
      const { paths } = action.payload;
      const left = Object.entries(before.fields).filter(([path]) => !paths.includes(path));
      if (left.length === Object.keys(before.fields).length) return;
      if (left.length > 0) before.fields = Object.fromEntries(left);
      else command.error = null;
    },
  },
  extraReducers: (builder) => {
    for (const name of Object.keys(COMMANDS) as CommandName[]) {
      const command = COMMANDS[name];
      builder.addCase(command.pending, (state) => {
        state[name] = { pending: state[name].pending + 1, error: null };
      });
      builder.addCase(command.fulfilled, (state) => {
        state[name].pending -= 1;
      });
      builder.addCase(command.rejected, (state, action) => {
        const thrown = { code: "Unknown", message: action.error.message ?? "It failed.", fields: {}, details: [] };
        const after: CommandMirror = { pending: state[name].pending - 1, error: action.payload ?? thrown };
        return { ...(state as CommandsState), [name]: after };
      });
    }
  },
});

export const { commandErrorDismissed, fieldErrorsDismissed } = slice.actions;
export const commandsReducer = slice.reducer;
