/** Commands to main: windows, displays, files. A browser has none of it, and they fail there. What they change comes back by the watched state. */
import { Code, ConnectError } from "@connectrpc/connect";
import type { WindowKind } from "../../gen/ts/macroscope/window/v1/window_pb";
import { toCommandError } from "./command-error";
import { createCommand } from "./create-command";
import type { CommandTools } from "./create-command";
import { toPlain } from "./from-proto";
import type { Plain } from "./from-proto";
import type { Window } from "../../gen/ts/macroscope/window/v1/window_pb";

/** A window's facts. */
export type WindowMirror = Plain<Window>;

/** Opens a window, or brings the one to the front that is there. Gives its facts. */
export const openWindow = createCommand<
  WindowMirror | undefined,
  { readonly kind: WindowKind; readonly regionId?: string }
>("openWindow", async ({ kind, regionId = "" }, { extra, rejectWithValue }) => {
  try {
    const { window } = await windowsOf(extra).openWindow({ kind, regionId });
    return window && toPlain(window);
  } catch (error) {
    return rejectWithValue(toCommandError(error));
  }
});

/** Closes a window; the stimulus window in a run only with `inRun`. */
export const closeWindow = createCommand(
  "closeWindow",
  async ({ id, inRun = false }: { readonly id: number; readonly inRun?: boolean }, { extra, rejectWithValue }) => {
    try {
      await windowsOf(extra).closeWindow({ id, inRun });
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Brings a window to the front. */
export const focusWindow = createCommand("focusWindow", async (id: number, { extra, rejectWithValue }) => {
  try {
    await windowsOf(extra).focusWindow({ id });
    return undefined;
  } catch (error) {
    return rejectWithValue(toCommandError(error));
  }
});

/** The stimulus window stands on this display from now on. */
export const chooseStimulusDisplay = createCommand(
  "chooseStimulusDisplay",
  async (displayId: string, { extra, rejectWithValue }) => {
    try {
      await windowsOf(extra).chooseStimulusDisplay({ displayId });
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Every display shows its number for some seconds. */
export const identifyDisplays = createCommand<undefined>("identifyDisplays", async (_, { extra, rejectWithValue }) => {
  try {
    await windowsOf(extra).identifyDisplays({});
    return undefined;
  } catch (error) {
    return rejectWithValue(toCommandError(error));
  }
});

/** Asks where to, and writes a text file there. Gives the path; empty when somebody changed their mind. */
export const saveTextFile = createCommand(
  "saveTextFile",
  async (file: { readonly suggestedName: string; readonly text: string }, { extra, rejectWithValue }) => {
    try {
      const { path } = await windowsOf(extra).saveTextFile(file);
      return path;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

function windowsOf({ clients }: CommandTools) {
  if (!clients.window) throw new ConnectError("A browser has no windows of the program's own.", Code.Unimplemented);
  return clients.window;
}
