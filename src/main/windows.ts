/** The windows: which kinds there are, what each may do, and how one is made. */
import path from "node:path";
import { BrowserWindow, dialog } from "electron";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { pageUrl } from "./page-origin";
import { recoverPage } from "./page-recovery";

/** Chromium's code for a load that something else overtook: another load, or the window's end. */
const ERR_ABORTED = -3;

/** A kind of window, with the role its connections are given. */
export interface WindowKind {
  readonly name: string;
  readonly role: Role;
  readonly url: string;
}

/** The operator's window: works the microscope. */
export const OPERATOR: WindowKind = {
  name: "operator",
  role: Role.OPERATOR,
  url: pageUrl("operator"),
};

/** Makes and shows a window. The caller keeps no reference; Electron does until it is closed. */
export function openWindow(kind: WindowKind): BrowserWindow {
  const window = new BrowserWindow({
    title: "Macroscope",
    width: 1600,
    height: 1000,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    autoHideMenuBar: true,
    // The page's own ground, so that a dark room sees no white flash.
    backgroundColor: "#0a0a0a",
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
      // A window behind another one still has to know that something is wrong.
      backgroundThrottling: false,
    },
  });
  window.once("ready-to-show", () => {
    window.show();
  });
  recoverPage(
    window.webContents,
    () => performance.now(),
    (sentence) => {
      dialog.showErrorBox("Macroscope", sentence);
    },
  );
  window.loadURL(kind.url).catch((error: unknown) => {
    if (window.isDestroyed() || (error as { errno?: number }).errno === ERR_ABORTED) return;
    // Without its page it would never be shown, and the program would run on unseen.
    dialog.showErrorBox("Macroscope", `The ${kind.name} window cannot be loaded: ${String(error)}`);
    window.destroy();
  });
  return window;
}
