/** Electron main: the life of the program. */
import path from "node:path";
import { app, BrowserWindow, Menu, powerMonitor, session, type WebContents } from "electron";
import { Severity } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import { WindowKind } from "../../gen/ts/macroscope/window/v1/window_pb";
import { declareScheme, serveScheme } from "./app-scheme";
import { menuTemplate } from "./application-menu";
import { isOurPage } from "./page-origin";
import { makeProgram, type Program } from "./program";
import { guardAllContents, guardSession } from "./session-guard";
import { MOST_WINDOWS } from "./window-kinds";

async function run(): Promise<void> {
  await app.whenReady();
  guardSession(session.defaultSession);
  serveScheme(path.join(__dirname, "../renderer"));
  const program = await makeProgram();
  const { windows, guard } = program;
  const showOperator = () => {
    windows.open(WindowKind.OPERATOR);
  };
  setMenu(program);
  showOperator();

  app.on("second-instance", showOperator);
  app.on("activate", showOperator);
  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
  app.on("before-quit", (event) => {
    if (guard.mayLeave) {
      windows.leave();
    } else {
      event.preventDefault();
      guard.ask();
    }
  });
  app.on("will-quit", (event) => {
    if (program.settled) {
      program.end();
    } else {
      event.preventDefault();
      void program.settle().then(() => {
        app.quit();
      });
    }
  });
  leaveWithSystem(program);
}

/** A system that goes down, or whoever ends the program by a signal, is not asked anything. */
function leaveWithSystem({ guard }: Program): void {
  const letGo = () => {
    guard.letGo();
  };
  powerMonitor.on("shutdown", letGo);
  app.on("browser-window-created", (_event, window: BrowserWindow) => {
    // Windows only.
    window.on("session-end", letGo);
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => {
      guard.letGo();
      app.quit();
    });
  }
}

function setMenu(program: Program): void {
  /** Does it with the page in front, or says why not. What has ended may be loaded again whatever goes on: there is nothing left to lose. */
  const unlessGuarded = (code: string, message: string, work: (contents: WebContents) => void) => {
    const contents = BrowserWindow.getFocusedWindow()?.webContents;
    const guarded = program.going().guarded && contents?.isCrashed() !== true;
    if (guarded) program.notifier.post({ severity: Severity.INFO, code, message });
    else if (contents) work(contents);
  };
  const reload = () => {
    const message = "The page is not loaded again while a run or a recording goes on.";
    unlessGuarded("reload_refused", message, (contents) => {
      contents.reload();
    });
  };
  const zoom = (step: -1 | 0 | 1) => {
    const message = "Pages keep their scale while a run or a recording goes on: the stimulus has the same.";
    unlessGuarded("zoom_refused", message, (contents) => {
      contents.zoomLevel = step === 0 ? 0 : contents.zoomLevel + step / 2;
    });
  };
  const template = menuTemplate({ platform: process.platform, tools: !app.isPackaged, reload, zoom });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

// Two programs would fight over one camera.
if (app.requestSingleInstanceLock()) {
  // A process for each page, whatever memory the machine has: one that crashes takes no other with it.
  app.commandLine.appendSwitch("renderer-process-limit", String(2 * MOST_WINDOWS));
  declareScheme();
  guardAllContents(isOurPage);
  run().catch((error: unknown) => {
    console.error(error);
    app.exit(1);
  });
} else {
  console.error("Macroscope is running already; its window is brought to the front.");
  app.quit();
}
