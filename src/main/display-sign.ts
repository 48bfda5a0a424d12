/** A sign on a display, as Electron shows it. */
import { BrowserWindow } from "electron";
import type { ShowSign } from "./identify-displays";

export const showSign: ShowSign = (bounds, url) => {
  const window = new BrowserWindow({
    ...bounds,
    show: false,
    frame: false,
    resizable: false,
    focusable: false,
    skipTaskbar: true,
    backgroundColor: "#101010",
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
      devTools: false,
    },
  });
  window.setAlwaysOnTop(true, "screen-saver");
  window.once("ready-to-show", () => {
    window.showInactive();
  });
  window.loadURL(url).catch(() => undefined);
  return {
    destroy: () => {
      window.destroy();
    },
  };
};
