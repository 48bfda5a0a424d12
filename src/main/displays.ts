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
  readonly #roundedUp: boolean;

  /** @param platform - process.platform. */
  constructor(screen: SystemScreen, platform: string) {
    this.#screen = screen;
    this.#roundedUp = platform === "win32";
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
      facts: factsOf(display, { number: index + 1, primary: display.id === primary, roundedUp: this.#roundedUp }),
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

interface Standing {
  readonly number: number;
  readonly primary: boolean;
  readonly roundedUp: boolean;
}

function factsOf(display: SystemDisplay, { number, primary, roundedUp }: Standing): Display {
  const { id, label, bounds, scaleFactor, displayFrequency, internal } = display;
  return create(DisplaySchema, {
    id: String(id),
    label: label || `Display ${String(number)}`,
    number,
    widthPx: physicalPx(bounds.width, scaleFactor, roundedUp),
    heightPx: physicalPx(bounds.height, scaleFactor, roundedUp),
    scaleFactor,
    refreshRateHz: displayFrequency,
    primary,
    internal,
  });
}

/** A scale is a float on its way here. */
const SLACK = 0.005;

/**
 * The physical pixels of a side. The system has rounded it to whole device-independent ones: up on Windows, down elsewhere. So 2560 at a scale of 1.5 comes
 * as 1707 or 1706, which are 2560.5 and 2559; a display has an even number.
 */
function physicalPx(side: number, scaleFactor: number, roundedUp: boolean): number {
  const pixels = side * scaleFactor;
  if (Number.isInteger(scaleFactor)) return pixels;
  return 2 * (roundedUp ? Math.floor(pixels / 2 + SLACK) : Math.ceil(pixels / 2 - SLACK));
}
