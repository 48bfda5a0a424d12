/** The store of one window. There is no global one. */
import { combineReducers, configureStore } from "@reduxjs/toolkit";
import { acquisitionReducer } from "./acquisition-slice";
import { cameraReducer } from "./camera-slice";
import { commandsReducer } from "./commands-slice";
import { configurationDraftsReducer } from "./configuration-drafts-slice";
import { configurationReducer } from "./configuration-slice";
import { connectionReducer } from "./connection-slice";
import type { CommandTools } from "./create-command";
import { hardwareReducer } from "./hardware-slice";
import type { InstrumentClients } from "./instrument";
import { notificationsReducer } from "./notifications-slice";
import { picturesReducer } from "./pictures-slice";
import { previewReducer } from "./preview-slice";
import { regionsReducer } from "./regions-slice";
import { runsReducer } from "./runs-slice";
import { windowsReducer } from "./windows-slice";
import { stimulusReducer } from "./stimulus-slice";
import { viewReducer } from "./view-slice";
import { workerReducer } from "./worker-slice";
import { workflowReducer } from "./workflow-slice";

const reducer = combineReducers({
  connection: connectionReducer,
  worker: workerReducer,
  camera: cameraReducer,
  acquisition: acquisitionReducer,
  hardware: hardwareReducer,
  preview: previewReducer,
  regions: regionsReducer,
  pictures: picturesReducer,
  view: viewReducer,
  workflow: workflowReducer,
  windows: windowsReducer,
  notifications: notificationsReducer,
  runs: runsReducer,
  configuration: configurationReducer,
  configurationDrafts: configurationDraftsReducer,
  stimulus: stimulusReducer,
  commands: commandsReducer,
});

/** The whole mirror. */
export type MirrorState = ReturnType<typeof reducer>;

export interface StoreOptions {
  readonly clients: InstrumentClients;
  readonly preloadedState?: Partial<MirrorState>;
  /** Wall clock, milliseconds. */
  readonly nowMs?: () => number;
}

/** Makes a store whose commands go to these clients. Redux Toolkit's serialisability and immutability checks are on outside production. */
export function makeStore({ clients, preloadedState, nowMs = Date.now }: StoreOptions) {
  const tools: CommandTools = {
    clients,
    nowMs,
    workerEpoch: () => store.getState().connection.worker.server?.epoch ?? "0",
  };
  const store = configureStore({
    reducer,
    ...(preloadedState ? { preloadedState } : {}),
    middleware: (getDefault) => getDefault({ thunk: { extraArgument: tools } }),
  });
  return store;
}

export type MirrorStore = ReturnType<typeof makeStore>;
export type MirrorDispatch = MirrorStore["dispatch"];
