/** A window as Electron makes it: sandboxed, with a page of ours, and with no more to it than the rest of main needs. */
import path from "node:path";
import { app, BrowserWindow, type WebContents } from "electron";
import { recoverPage } from "./page-recovery";
import type { Placement, Rectangle } from "./placement";
import type { Size } from "./window-kinds";

/** Chromium's code for a load that something else overtook: another load, or the window's end. */
const ERR_ABORTED = -3;

/** How a window is made. */
export interface WindowSpec {
  readonly title: string;
  /** The page's own title takes its place. */
  readonly titledByPage: boolean;
  readonly url: string;
  readonly bounds: Rectangle;
  readonly least: Size;
  readonly ground: string;
  readonly maximized: boolean;
  /** It is shown without taking the focus from the window that has it. */
  readonly inactive: boolean;
  /** It fills its display, above all other windows there: nothing but the page, and never with the focus, so that keys go on to the operator's window. */
  readonly fullScreen: boolean;
}

/** What a window tells. */
export interface WindowEvents {
  /** Somebody or the system wants to close it. False keeps it open. */
  closing(): boolean;
  closed(): void;
  /** The focus, place or size has changed. */
  changed(): void;
  /** The page has a title of its own; told only where it may. */
  titled(title: string): void;
  loaded(): void;
  /** The page has not answered for a while. */
  hung(): void;
  crashed(reason: string): void;
  /** The page is not there, and nothing brings it back by itself; a sentence says why. */
  gaveUp(sentence: string): void;
}

/** An open window. */
export interface AppWindow {
  /** Its page, for those who hand out ports. */
  readonly contents: WebContents;
  /** Where it stands; of a maximized window where it stands when it is not. */
  readonly placement: Placement;
  readonly focused: boolean;
  /** Brings it to the front and gives it the focus. */
  focus(): void;
  /** Puts it elsewhere; one that fills a display fills another. */
  place(bounds: Rectangle): void;
  /** Loads its page again. */
  reload(): void;
  /** Ends its page if it does not answer, which then is loaded again as after a crash. */
  revive(): void;
  /** Ends it without asking anybody. */
  destroy(): void;
}

/** Makes a window and shows it as soon as it has something to show. */
export function makeAppWindow(spec: WindowSpec, events: WindowEvents): AppWindow {
  const window = new BrowserWindow({
    title: spec.title,
    ...spec.bounds,
    minWidth: spec.least.width,
    minHeight: spec.least.height,
    show: false,
    autoHideMenuBar: true,
    frame: !spec.fullScreen,
    focusable: !spec.fullScreen,
    backgroundColor: spec.ground,
    webPreferences: {
      preload: path.join(__dirname, "preload.cjs"),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
      // A window behind another one still has to know that something is wrong, and the stimulus goes on whatever lies over it.
      backgroundThrottling: false,
    },
  });
  window.on("page-title-updated", (event, title) => {
    if (spec.titledByPage) events.titled(title);
    else event.preventDefault();
  });
  if (spec.fullScreen) window.removeMenu();
  if (spec.fullScreen) fill(window, true);
  window.once("ready-to-show", () => {
    if (spec.maximized) window.maximize();
    if (spec.inactive) window.showInactive();
    else window.show();
    events.changed();
  });
  window.on("close", (event) => {
    if (!events.closing()) event.preventDefault();
  });
  window.on("closed", () => {
    events.closed();
  });
  const onChanged = () => {
    events.changed();
  };
  window.on("focus", onChanged);
  window.on("blur", onChanged);
  window.on("move", onChanged);
  window.on("resize", onChanged);
  window.on("unresponsive", () => {
    events.hung();
  });
  window.webContents.on("did-finish-load", () => {
    events.loaded();
  });
  recoverPage(window.webContents, () => performance.now(), events);
  window.loadURL(spec.url).catch((error: unknown) => {
    if (window.isDestroyed() || (error as { errno?: number }).errno === ERR_ABORTED) return;
    // Without its page it would never be shown, and the program would run on unseen.
    window.show();
    events.gaveUp(`The page cannot be loaded: ${String(error)}`);
  });
  return new ElectronWindow(window, spec.fullScreen);
}

class ElectronWindow implements AppWindow {
  readonly #window: BrowserWindow;
  readonly #fullScreen: boolean;
  #hangs = false;

  constructor(window: BrowserWindow, fullScreen: boolean) {
    this.#window = window;
    this.#fullScreen = fullScreen;
    window.on("unresponsive", () => {
      this.#hangs = true;
    });
    const answers = () => {
      this.#hangs = false;
    };
    window.on("responsive", answers);
    window.webContents.on("render-process-gone", answers);
  }

  get contents(): WebContents {
    return this.#window.webContents;
  }

  get placement(): Placement {
    return { bounds: this.#window.getNormalBounds(), maximized: this.#window.isMaximized() };
  }

  get focused(): boolean {
    return this.#window.isFocused();
  }

  focus(): void {
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  place(bounds: Rectangle): void {
    if (this.#fullScreen) fill(this.#window, false);
    this.#window.setBounds(bounds);
    if (this.#fullScreen) fill(this.#window, true);
  }

  reload(): void {
    this.#window.webContents.reload();
  }

  revive(): void {
    if (this.#hangs) this.#window.webContents.forcefullyCrashRenderer();
  }

  destroy(): void {
    this.#window.destroy();
  }
}

/** A window that has the bounds of its display is told to the system as one that fills it, so that no bar or dock lies over it. */
function fill(window: BrowserWindow, fullScreen: boolean): void {
  window.setAlwaysOnTop(fullScreen, "screen-saver");
  // A space of its own, as macOS gives full-screen windows, would take the operator's window away from the eyes.
  if (process.platform === "darwin") window.setSimpleFullScreen(fullScreen);
  else window.setFullScreen(fullScreen);
}
