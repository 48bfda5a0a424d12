/** A window of the size of the screen with the page of the bench in it, served as the program serves its own. */
import path from "node:path";
import { app, BrowserWindow } from "electron";
import { declareScheme, serveScheme } from "../../../../src/main/app-scheme";
import { APP_ORIGIN } from "../../../../src/main/page-origin";
import { ROWS_MARK, SECONDS_VARIABLE } from "../order";

declareScheme();
void app.whenReady().then(async () => {
  // It is built into .cache/flips/app, the page beside it.
  serveScheme(path.join(__dirname, ".."));
  const window = new BrowserWindow({
    // As the stimulus window is where there is one display.
    width: 960,
    height: 540,
    useContentSize: true,
    frame: false,
    webPreferences: { sandbox: true, contextIsolation: true, backgroundThrottling: false },
  });
  window.webContents.on("console-message", (_event, _level, message) => {
    console.log(message);
    if (message.startsWith(ROWS_MARK)) app.quit();
  });
  const seconds = process.env[SECONDS_VARIABLE] ?? "20";
  await window.loadURL(`${APP_ORIGIN}/page/index.html?seconds=${seconds}`);
});
