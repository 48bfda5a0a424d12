/** The displays: what the system tells of them, in the words of the contract, and word of every change. */
import { create } from "@bufbuild/protobuf";
import { type Display, DisplaySchema } from "../../gen/ts/macroscope/window/v1/window_pb";
import type { Rectangle } from "./placement";

/** The part of Electron's display that is read. */
export interface SystemDisplay {
  readonly id: number;
  readonly label: string;
  /** Device-independent pixels, as `workArea`. */
  readonly bounds: Rectangle;
  readonly workArea: Rectangle;
  readonly scaleFactor: number;
  readonly displayFrequency: number;
  readonly internal: boolean;
}

/** The part of Electron's screen that is needed. */
export interface SystemScreen {
  getAllDisplays(): readonly SystemDisplay[];
  getPrimaryDisplay(): SystemDisplay;
  getDisplayMatching(bounds: Rectangle): SystemDisplay;
  on(event: "display-added" | "display-removed" | "display-metrics-changed", listener: () => void): unknown;
}

/** A display as everybody is told of it, and where it lies on the desktop. */
export interface PlacedDisplay {
  readonly facts: Display;
  readonly bounds: Rectangle;
  readonly workArea: Rectangle;
}

/** The displays that are plugged in. */
export class Displays {
  readonly #screen: SystemScreen;

  constructor(screen: SystemScreen) {
    this.#screen = screen;
  }

  /** All, the primary one first, then from left to right; their numbers are their places in this list. */
  list(): readonly PlacedDisplay[] {
    const primary = this.#screen.getPrimaryDisplay().id;
    const displays = [...this.#screen.getAllDisplays()].sort(
      (one, other) =>
        Number(other.id === primary) - Number(one.id === primary) ||
        one.bounds.x - other.bounds.x ||
        one.bounds.y - other.bounds.y,
    );
    return displays.map((display, index) => ({
      facts: factsOf(display, index + 1, display.id === primary),
      bounds: display.bounds,
      workArea: display.workArea,
    }));
  }

  /** Id of the display that most of a rectangle lies on. */
  under(bounds: Rectangle): string {
    return String(this.#screen.getDisplayMatching(bounds).id);
  }

  /** Tells `listener` that a display has come, gone or changed. */
  onChange(listener: () => void): void {
    this.#screen.on("display-added", listener);
    this.#screen.on("display-removed", listener);
    this.#screen.on("display-metrics-changed", listener);
  }
}

function factsOf(display: SystemDisplay, number: number, primary: boolean): Display {
  const { id, label, bounds, scaleFactor, displayFrequency, internal } = display;
  return create(DisplaySchema, {
    id: String(id),
    label: label || `Display ${String(number)}`,
    number,
    widthPx: Math.round(bounds.width * scaleFactor),
    heightPx: Math.round(bounds.height * scaleFactor),
    scaleFactor,
    refreshRateHz: displayFrequency,
    primary,
    internal,
  });
}
