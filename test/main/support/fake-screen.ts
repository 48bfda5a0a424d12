/** A desktop in memory: displays are plugged in and out by the test. */
import type { SystemDisplay, SystemScreen } from "../../../src/main/displays";
import { overlap, type Rectangle } from "../../../src/main/placement";

export const BUILT_IN: SystemDisplay = {
  id: 11,
  label: "Built-in",
  bounds: { x: 0, y: 0, width: 1280, height: 800 },
  workArea: { x: 0, y: 25, width: 1280, height: 775 },
  scaleFactor: 2,
  displayFrequency: 60,
  internal: true,
};

export const STIMULUS: SystemDisplay = {
  id: 22,
  label: "DELL P2419H",
  bounds: { x: 1280, y: 0, width: 1920, height: 1080 },
  workArea: { x: 1280, y: 0, width: 1920, height: 1080 },
  scaleFactor: 1,
  displayFrequency: 59.95,
  internal: false,
};

export class FakeScreen implements SystemScreen {
  displays: SystemDisplay[];
  readonly #listeners = new Set<() => void>();

  constructor(...displays: SystemDisplay[]) {
    this.displays = displays;
  }

  getAllDisplays(): readonly SystemDisplay[] {
    return this.displays;
  }

  getPrimaryDisplay(): SystemDisplay {
    return this.displays.find(({ internal }) => internal) ?? this.#first;
  }

  getDisplayMatching(bounds: Rectangle): SystemDisplay {
    return this.displays.reduce(
      (best, display) => (overlap(display.bounds, bounds) > overlap(best.bounds, bounds) ? display : best),
      this.#first,
    );
  }

  on(_event: string, listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Plugs displays in and out. */
  set(...displays: SystemDisplay[]): void {
    this.displays = displays;
    for (const listener of this.#listeners) listener();
  }

  get #first(): SystemDisplay {
    const [first] = this.displays;
    if (!first) throw new Error("a desktop without a display");
    return first;
  }
}
