/** The windows that are open: which there are, what may be done with them, and who is told of it. */
import { create, equals } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { LimitExceededSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import {
  type Window,
  WindowKind,
  WindowSchema,
  type WindowsState,
  WindowsStateSchema,
} from "../../gen/ts/macroscope/window/v1/window_pb";
import { errorWithDetail } from "../rpc";
import type { WindowKeeper } from "../services/windows/window-service";
import type { AppWindow, WindowEvents, WindowSpec } from "./app-window";
import type { DirectIdentity } from "./direct-ports";
import type { Displays } from "./displays";
import { pageUrl } from "./page-origin";
import { isSame, placeWindow, type Rectangle } from "./placement";
import type { WindowMemory } from "./window-memory";
import { type StimulusPlace, stimulusPlace } from "./stimulus-place";
import { factsOf, type KindFacts, MOST_PREVIEWS, titleOf } from "./window-kinds";

/** What goes on, as far as windows are concerned. */
export interface Going {
  /** A run or a recording goes on: nothing is closed or loaded again without a question. */
  readonly guarded: boolean;
  /** A run with a stimulus goes on. */
  readonly run: boolean;
}

/** What the windows need of the rest of main. */
export interface WindowsOptions {
  readonly make: (spec: WindowSpec, events: WindowEvents) => AppWindow;
  readonly displays: Displays;
  readonly memory: WindowMemory;
  readonly going: () => Going;
  /** A page may ask for ports from now on. */
  readonly admit: (contents: AppWindow["contents"], identity: DirectIdentity) => void;
  /** The operator's window is to be closed while something goes on: whoever is asked calls `leave` if it may. */
  readonly askToLeave: () => void;
  readonly tell: WindowNews;
}

/** What people have to be told of windows. */
export interface WindowNews {
  crashed(title: string, reason: string): void;
  /** A page is not loaded again. `again` loads it, at somebody's wish. */
  gaveUp(title: string, sentence: string, operator: boolean, again: () => void): void;
  /** A page does not answer. `again` ends it and loads it anew, at somebody's wish; a page that answers by then is left alone. */
  hung(title: string, again: () => void): void;
  stimulusKept(): void;
  stimulusDisplayGone(label: string): void;
  stimulusDisplayBack(label: string): void;
  /** The operator's window has come to stand on the display that the stimulus filled. */
  stimulusUncovered(): void;
  /** A display has come, gone or changed, and the stimulus window could not be put where it belongs. */
  displayNotFollowed(sentence: string): void;
}

interface Entry {
  readonly id: number;
  readonly facts: KindFacts;
  readonly regionId: string;
  readonly window: AppWindow;
  title: string;
  displayId: string;
  readonly fullScreen: boolean;
  /** The place that it was last put to. */
  filled: Rectangle;
  crashed: boolean;
  crashes: number;
}

/** Opens, closes and lists windows. Whoever made it lets it `leave` at the end. */
export class Windows implements WindowKeeper {
  readonly #options: WindowsOptions;
  readonly #entries = new Map<number, Entry>();
  readonly #listeners = new Set<(state: WindowsState) => void>();
  #lastId = 0;
  #leaving = false;
  /** The stimulus window was closed because its display went; it comes back with it. */
  #awaitsDisplay: { readonly id: string; readonly label: string } | undefined;
  #state = create(WindowsStateSchema);

  constructor(options: WindowsOptions) {
    this.#options = options;
    options.displays.onChange(() => {
      try {
        this.#followDisplays();
      } catch (error) {
        // Nobody has asked for it who could be answered, and main must not end for it.
        options.tell.displayNotFollowed(sentenceOf(error));
      }
      this.refresh();
    });
  }

  get state(): WindowsState {
    return this.#state;
  }

  subscribe(listener: (state: WindowsState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether the stimulus window is open. */
  get stimulusOpen(): boolean {
    return this.#find(WindowKind.STIMULUS) !== undefined;
  }

  open(kind: WindowKind, regionId = ""): Window {
    const facts = factsOf(kind);
    if (!facts) throw new ConnectError("There is no such kind of window.", Code.InvalidArgument);
    const region = kind === WindowKind.PREVIEW ? regionId : "";
    const there = this.#find(kind, region);
    if (there) {
      there.window.focus();
      return this.#told(there);
    }
    if (kind === WindowKind.PREVIEW && this.#count(facts) >= MOST_PREVIEWS) throw tooMany();
    const entry = this.#make(facts, region);
    this.refresh();
    return this.#told(entry);
  }

  close(id: number, inRun: boolean): void {
    const entry = this.#known(id);
    const { guarded, run } = this.#options.going();
    if (entry.facts.kind === WindowKind.STIMULUS && run && !inRun) {
      throw new ConnectError(
        "A run goes on and needs the stimulus window. Stop the run first, or close it in spite of the run, which then pauses.",
        Code.FailedPrecondition,
      );
    }
    if (entry.facts.kind === WindowKind.OPERATOR && guarded) {
      this.#options.askToLeave();
      return;
    }
    entry.window.destroy();
  }

  focus(id: number): void {
    this.#known(id).window.focus();
  }

  chooseStimulusDisplay(displayId: string): void {
    const { displays, memory, going } = this.#options;
    if (!displays.list().some(({ facts }) => facts.id === displayId)) {
      throw new ConnectError("There is no such display. It may have been unplugged.", Code.NotFound);
    }
    const open = this.#find(WindowKind.STIMULUS);
    if (open && going().run) {
      throw new ConnectError(
        "A run goes on, and its stimulus stays where it is. Stop the run first.",
        Code.FailedPrecondition,
      );
    }
    memory.setStimulusDisplay(displayId);
    this.#awaitsDisplay = undefined;
    if (open) this.#move(open, this.#stimulusPlace());
    this.refresh();
  }

  /** Ends all windows without asking. */
  leave(): void {
    this.#leaving = true;
    for (const { window } of [...this.#entries.values()]) window.destroy();
    this.#leaving = false;
  }

  /** Tells of the windows as they are now, when that is something new. */
  refresh(): void {
    const windows = [...this.#entries.values()].map((entry) => this.#told(entry));
    const next = create(WindowsStateSchema, {
      revision: this.#state.revision,
      windows,
      displays: this.#options.displays.list().map(({ facts }) => facts),
      stimulusDisplayId: this.#options.memory.stimulusDisplay,
      guarded: this.#options.going().guarded,
    });
    if (this.#state.revision > 0n && equals(WindowsStateSchema, next, this.#state)) return;
    next.revision = this.#state.revision + 1n;
    this.#state = next;
    for (const listener of this.#listeners) listener(next);
  }

  #make(facts: KindFacts, regionId: string): Entry {
    this.#lastId += 1;
    const id = this.#lastId;
    const place = this.#placeFor(facts, regionId);
    const title = place.fullScreen ? titleOf(facts, regionId) : this.#titleFor(facts, regionId);
    const address = pageUrl(facts.name) + (regionId === "" ? "" : `?region=${encodeURIComponent(regionId)}`);
    // Keys are for the window that the operator works with.
    const inactive = facts.kind === WindowKind.STIMULUS;
    const { least, ground, titledByPage } = facts;
    const spec = { title, titledByPage, url: address, least, ground, inactive, ...place };
    const window = this.#options.make(spec, this.#eventsOf(id));
    const { fullScreen, displayId, bounds: filled } = place;
    const entry = { id, facts, regionId, window, title, displayId, fullScreen, filled, crashed: false, crashes: 0 };
    this.#entries.set(id, entry);
    const label = `${facts.name} window ${String(id)}`;
    this.#options.admit(window.contents, { name: facts.name, role: facts.role, label });
    return entry;
  }

  #eventsOf(id: number): WindowEvents {
    const withEntry = (work: (entry: Entry) => void) => {
      const entry = this.#entries.get(id);
      if (!entry) return;
      work(entry);
      this.refresh();
    };
    const { tell } = this.#options;
    return {
      closing: () => this.#mayClose(id),
      closed: () => {
        this.#closed(id);
      },
      changed: () => {
        withEntry((entry) => {
          this.#remember(entry);
        });
      },
      titled: (title) => {
        withEntry((entry) => {
          entry.title = title;
        });
      },
      loaded: () => {
        withEntry((entry) => {
          entry.crashed = false;
        });
      },
      hung: () => {
        withEntry((entry) => {
          tell.hung(entry.title, () => {
            if (this.#entries.has(id)) entry.window.revive();
          });
        });
      },
      crashed: (reason) => {
        withEntry((entry) => {
          entry.crashed = true;
          entry.crashes += 1;
          tell.crashed(entry.title, reason);
        });
      },
      gaveUp: (sentence) => {
        withEntry((entry) => {
          entry.crashed = true;
          tell.gaveUp(entry.title, sentence, entry.facts.kind === WindowKind.OPERATOR, () => {
            if (this.#entries.has(id)) entry.window.reload();
          });
        });
      },
    };
  }

  /** Somebody closes a window by its own means: the button, Alt+F4, the menu. */
  #mayClose(id: number): boolean {
    const entry = this.#entries.get(id);
    if (this.#leaving || !entry) return true;
    const { guarded, run } = this.#options.going();
    if (entry.facts.kind === WindowKind.OPERATOR && guarded) {
      this.#options.askToLeave();
      return false;
    }
    if (entry.facts.kind === WindowKind.STIMULUS && run) {
      this.#options.tell.stimulusKept();
      return false;
    }
    return true;
  }

  #closed(id: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    // The others only show what the operator's window works.
    if (entry.facts.kind === WindowKind.OPERATOR) this.leave();
    this.refresh();
  }

  #placeFor(facts: KindFacts, regionId: string): StimulusPlace & { readonly maximized: boolean } {
    if (facts.kind === WindowKind.STIMULUS) return { ...this.#stimulusPlace(), maximized: false };
    const { displays, memory } = this.#options;
    const remembered = memory.placement(keyOf(facts, regionId));
    const areas = displays.list().map(({ workArea }) => workArea);
    const bounds = placeWindow(remembered?.bounds, facts.size, areas, this.#count(facts));
    return { displayId: displays.under(bounds), bounds, fullScreen: false, maximized: remembered?.maximized ?? false };
  }

  #stimulusPlace(): StimulusPlace {
    const { displays, memory } = this.#options;
    const facts = factsOf(WindowKind.STIMULUS);
    if (!facts) throw new Error("There is no stimulus window.");
    const operator = this.#find(WindowKind.OPERATOR)?.displayId ?? "";
    const windowed = { remembered: memory.placement(keyOf(facts, ""))?.bounds, size: facts.size };
    return stimulusPlace(displays.list(), memory.stimulusDisplay, operator, windowed);
  }

  #titleFor(facts: KindFacts, regionId: string): string {
    const title = titleOf(facts, regionId);
    return facts.kind === WindowKind.STIMULUS ? `${title} (shares the operator's display)` : title;
  }

  #move(entry: Entry, place: StimulusPlace): void {
    if (place.fullScreen !== entry.fullScreen) {
      // With a frame or without is settled when a window is made.
      entry.window.destroy();
      this.#make(entry.facts, entry.regionId);
      return;
    }
    entry.displayId = place.displayId;
    entry.filled = place.bounds;
    entry.window.place(place.bounds);
  }

  #remember(entry: Entry): void {
    const { displays, memory } = this.#options;
    if (entry.fullScreen) return;
    const { placement } = entry.window;
    entry.displayId = displays.under(placement.bounds);
    memory.setPlacement(keyOf(entry.facts, entry.regionId), placement);
  }

  /** A display has come, gone or changed: the stimulus window follows its own and takes no other. */
  #followDisplays(): void {
    const { displays, tell } = this.#options;
    const there = new Set(displays.list().map(({ facts }) => facts.id));
    const entry = this.#find(WindowKind.STIMULUS);
    const awaited = this.#awaitsDisplay;
    const operator = this.#find(WindowKind.OPERATOR);
    // Its own display may be the one that went: the system puts it onto another.
    if (operator) operator.displayId = displays.under(operator.window.placement.bounds);
    if (entry?.fullScreen && !there.has(entry.displayId)) {
      const label = this.#state.displays.find(({ id }) => id === entry.displayId)?.label ?? "";
      this.#awaitsDisplay = { id: entry.displayId, label };
      // Moved by the system onto the operator's display it would cover what a run is stopped with, and the animal would see nothing of it anyway.
      entry.window.destroy();
      tell.stimulusDisplayGone(label);
    } else if (entry?.fullScreen && entry.displayId === operator?.displayId) {
      // It lies above all windows, and nothing of what a run is stopped with could be seen.
      this.#move(entry, this.#stimulusPlace());
      tell.stimulusUncovered();
    } else if (entry?.fullScreen) {
      const bounds = displays.list().find(({ facts }) => facts.id === entry.displayId)?.bounds;
      // Anything else that changes somewhere is no reason to let the stimulus flicker.
      if (bounds && !isSame(bounds, entry.filled)) this.#move(entry, { ...entry, bounds });
    } else if (awaited && there.has(awaited.id) && !entry && operator) {
      this.open(WindowKind.STIMULUS);
      this.#awaitsDisplay = undefined;
      tell.stimulusDisplayBack(awaited.label);
    }
  }

  #find(kind: WindowKind, regionId = ""): Entry | undefined {
    return [...this.#entries.values()].find((entry) => entry.facts.kind === kind && entry.regionId === regionId);
  }

  #count(facts: KindFacts): number {
    return [...this.#entries.values()].filter((entry) => entry.facts === facts).length;
  }

  #known(id: number): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new ConnectError("There is no such window. It may have been closed.", Code.NotFound);
    return entry;
  }

  #told({ id, facts, regionId, title, displayId, fullScreen, crashed, crashes, window }: Entry): Window {
    const { focused } = window;
    const told = { id, kind: facts.kind, regionId, title, displayId, fullScreen, focused, crashed, crashes };
    return create(WindowSchema, told);
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConnectError) return error.rawMessage;
  return error instanceof Error ? error.message : String(error);
}

function keyOf({ name }: KindFacts, regionId: string): string {
  return regionId === "" ? name : `${name}:${regionId}`;
}

function tooMany(): ConnectError {
  return errorWithDetail(
    Code.ResourceExhausted,
    `There are ${String(MOST_PREVIEWS)} previews, and no more may be open. Close one first.`,
    LimitExceededSchema,
    { limit: "max_preview_windows", allowed: BigInt(MOST_PREVIEWS), found: BigInt(MOST_PREVIEWS + 1) },
  );
}
