/** Where Python, the runtime folder, the logs and the recordings are on this machine. */
import { access } from "node:fs/promises";
import path from "node:path";
import { app } from "electron";
import type { HostSettings } from "../host/host-messages";
import { findPython } from "./python-environment";
import { websocketArguments } from "./websocket-arguments";

/** The environment's ways to name other folders for recordings, and for settings and presets, for development and tests. */
const RECORDINGS_VARIABLE = "MACROSCOPE_RECORDINGS";
const DATA_VARIABLE = "MACROSCOPE_DATA";

/** What the host is told. Runs once at the start, before the first window. */
export async function makeHostSettings(): Promise<HostSettings> {
  const root = app.isPackaged ? process.resourcesPath : app.getAppPath();
  const python = findPython(root, process.env, process.platform);
  await access(python).catch(() => {
    console.error(`There is no Python at ${python}; the worker cannot start.`);
  });
  const recordings = process.env[RECORDINGS_VARIABLE] ?? path.join(app.getPath("documents"), "Macroscope");
  const data = process.env[DATA_VARIABLE] ?? path.join(app.getPath("userData"), "settings");
  const folders = ["--recordings-directory", recordings, "--data-directory", data];
  return {
    python,
    workerArguments: [...folders, ...websocketArguments(process.argv)],
    runtimeDirectory: path.join(app.getPath("userData"), "run"),
    logDirectory: app.getPath("logs"),
    version: app.getVersion(),
    electronVersion: process.versions.electron,
  };
}
