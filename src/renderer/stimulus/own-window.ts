/** What main knows of the window that this page is in: on which display it stands, and whether it fills the chosen one. */
import { WindowKind } from "../../../gen/ts/macroscope/window/v1/window_pb";
import type { WindowsState } from "../../../gen/ts/macroscope/window/v1/window_pb";

export interface OwnWindow {
  /** Empty in a browser, and before it is known. */
  readonly displayId: string;
  /** It fills the display that was chosen for the stimulus. */
  readonly fullScreen: boolean;
}

/** A page in a browser, of which nobody knows. */
export const NO_WINDOW: OwnWindow = { displayId: "", fullScreen: false };

/** The stimulus window among all: there is one. */
export function ownWindow({ windows, stimulusDisplayId }: WindowsState): OwnWindow {
  const own = windows.find(({ kind }) => kind === WindowKind.STIMULUS);
  if (!own) return NO_WINDOW;
  return { displayId: own.displayId, fullScreen: own.fullScreen && own.displayId === stimulusDisplayId };
}
