/** Where the stimulus window stands: it fills a display of its own, or is a window of moderate size where it has to share the operator's. */
import { Code, ConnectError } from "@connectrpc/connect";
import type { PlacedDisplay } from "./displays";
import { placeWindow, type Rectangle } from "./placement";
import type { Size } from "./window-kinds";

export interface StimulusPlace {
  readonly displayId: string;
  readonly bounds: Rectangle;
  /** It fills the display. */
  readonly fullScreen: boolean;
}

/**
 * The place for the stimulus window.
 *
 * @param chosenId - the display that somebody chose; empty: nobody did, then it is the first that is not the operator's.
 * @param operatorId - the display that the operator's window stands on; empty: there is no such window.
 * @param windowed - its place and size where it is a window.
 * @throws ConnectError FAILED_PRECONDITION: the chosen display is not there. Another one is not taken for it, since the geometry is that of the chosen.
 */
export function stimulusPlace(
  displays: readonly PlacedDisplay[],
  chosenId: string,
  operatorId: string,
  windowed: { readonly remembered: Rectangle | undefined; readonly size: Size },
): StimulusPlace {
  const display =
    chosenId === ""
      ? (displays.find(({ facts }) => facts.id !== operatorId) ?? displays[0])
      : displays.find(({ facts }) => facts.id === chosenId);
  if (!display) {
    throw new ConnectError(
      "The display chosen for the stimulus is not connected. Connect it, or choose another one.",
      Code.FailedPrecondition,
    );
  }
  const displayId = display.facts.id;
  // Filling the operator's display would cover everything that a run is stopped with.
  if (displayId !== operatorId) return { displayId, bounds: display.bounds, fullScreen: true };
  const onDisplay = placeWindow(windowed.remembered, windowed.size, [display.workArea]);
  return { displayId, bounds: onDisplay, fullScreen: false };
}
