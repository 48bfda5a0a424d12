/** Electron main: life of the program, windows, and the ports between windows and host. */
import path from "node:path";
import { app, BrowserWindow, session } from "electron";
import { declareScheme, serveScheme } from "./app-scheme";
import { HostProcess } from "./host-process";
import { makeHostSettings } from "./host-settings";
import { isOurPage } from "./page-origin";
import { PortBroker } from "./port-broker";
import { guardAllContents, guardSession } from "./session-guard";
import { OPERATOR, openWindow, type WindowKind } from "./windows";

function openAdmitted(kind: WindowKind, broker: PortBroker): void {
  const window = openWindow(kind);
  broker.admit(window.webContents, {
    role: kind.role,
    label: `${kind.name} window ${String(window.id)}`,
  });
}

async function run(): Promise<void> {
  await app.whenReady();
  guardSession(session.defaultSession);
  serveScheme(path.join(__dirname, "../renderer"));
  const host = new HostProcess(await makeHostSettings());
  const broker = new PortBroker(host, isOurPage);
  openAdmitted(OPERATOR, broker);

  app.on("second-instance", () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on("activate", () => {
    if (BrowserWindow.getAllWindows().length === 0) openAdmitted(OPERATOR, broker);
  });
  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
  app.on("will-quit", () => {
    host.close();
  });
}

// Two programs would fight over one camera.
if (app.requestSingleInstanceLock()) {
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
