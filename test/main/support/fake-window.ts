/** Windows in memory, and a registry over them with everything at its edge. */
import { EventEmitter } from "node:events";
import path from "node:path";
import { tmpdir } from "node:os";
import type { AppWindow, WindowEvents, WindowSpec } from "../../../src/main/app-window";
import { Displays, type SystemDisplay } from "../../../src/main/displays";
import type { Placement, Rectangle } from "../../../src/main/placement";
import { WindowMemory } from "../../../src/main/window-memory";
import { type Going, Windows, type WindowNews } from "../../../src/main/windows";
import { BUILT_IN, FakeScreen } from "./fake-screen";

class FakeWindow implements AppWindow {
  readonly contents = new EventEmitter() as unknown as AppWindow["contents"];
  placement: Placement;
  focused = false;
  focuses = 0;
  reloads = 0;
  revivals = 0;
  open = true;
  readonly places: Rectangle[] = [];

  constructor(
    readonly spec: WindowSpec,
    readonly events: WindowEvents,
  ) {
    this.placement = { bounds: spec.bounds, maximized: spec.maximized };
  }

  focus(): void {
    this.focuses += 1;
    this.focused = true;
    this.events.changed();
  }

  place(bounds: Rectangle): void {
    this.places.push(bounds);
    this.moveTo(bounds);
  }

  reload(): void {
    this.reloads += 1;
  }

  revive(): void {
    this.revivals += 1;
  }

  destroy(): void {
    if (!this.open) return;
    this.open = false;
    this.events.closed();
  }

  /** As a hand drags it. */
  moveTo(bounds: Rectangle): void {
    this.placement = { bounds, maximized: false };
    this.events.changed();
  }

  /** As its own button closes it. */
  pressClose(): void {
    if (this.events.closing()) this.destroy();
  }
}

/** A registry of windows on a desktop, with what it told. */
export async function makeWindows(...displays: SystemDisplay[]) {
  const screen = new FakeScreen(...(displays.length > 0 ? displays : [BUILT_IN]));
  const memory = await WindowMemory.read(path.join(tmpdir(), "macroscope-no-such-folder", "windows.json"));
  const made: FakeWindow[] = [];
  const admitted: { name: string; label: string }[] = [];
  const news: string[] = [];
  const again: (() => void)[] = [];
  const asked = { count: 0 };
  const state: { going: Going; failure: Error | undefined } = {
    going: { guarded: false, run: false },
    failure: undefined,
  };
  const tell: WindowNews = {
    crashed: (title, reason) => news.push(`crashed ${title} ${reason}`),
    gaveUp: (title, _sentence, operator, load) => {
      news.push(`gave up ${title}${operator ? " (operator)" : ""}`);
      again.push(load);
    },
    hung: (title, load) => {
      news.push(`hung ${title}`);
      again.push(load);
    },
    stimulusUncovered: () => news.push("uncovered"),
    displayNotFollowed: (sentence) => news.push(`not followed ${sentence}`),
    stimulusKept: () => news.push("kept"),
    stimulusDisplayGone: (label) => news.push(`gone ${label}`),
    stimulusDisplayBack: (label) => news.push(`back ${label}`),
  };
  const windows = new Windows({
    make: (spec, events) => {
      if (state.failure) throw state.failure;
      const window = new FakeWindow(spec, events);
      made.push(window);
      return window;
    },
    displays: new Displays(screen, "linux"),
    memory,
    going: () => state.going,
    admit: (_contents, { name, label }) => admitted.push({ name, label }),
    askToLeave: () => {
      asked.count += 1;
    },
    tell,
  });
  const last = () => {
    const window = made.at(-1);
    if (!window) throw new Error("no window was made");
    return window;
  };
  return { windows, screen, memory, made, last, admitted, news, again, asked, state };
}
