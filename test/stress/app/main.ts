/** The program's own main with windows of the stress test in it: its host, its port broker, its scheme, its kind of window. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { app, session, type WebContents } from "electron";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { declareScheme, serveScheme } from "../../../src/main/app-scheme";
import { HostProcess } from "../../../src/main/host-process";
import { APP_ORIGIN, isOurPage } from "../../../src/main/page-origin";
import { PortBroker } from "../../../src/main/port-broker";
import { findPython } from "../../../src/main/python-environment";
import { guardAllContents, guardSession } from "../../../src/main/session-guard";
import { makeAppWindow, type WindowEvents } from "../../../src/main/app-window";
import {
  ORDER_VARIABLE,
  REPORT_MARK,
  type StressOrder,
  type StressReport,
  type WindowOrder,
  type WindowReport,
} from "../order";
import { ProcessWatch } from "./process-watch";

/** It is built into .cache/stress/build. */
const root = path.join(__dirname, "../../..");
const SAMPLE_EVERY_MS = 500;
/** When the windows collect their garbage and are looked at, as shares of the run. A page's memory says nothing in between. */
const COLLECT_AT = [0.3, 0.6, 0.95];
/** For what was collected to go back to the system. */
const RETURN_MEMORY_MS = 300;
/** For the last state to reach every mirror. */
const CONVERGE_MS = 2000;

const NOTHING = () => undefined;
/** The windows stay as they are. */
const NO_EVENTS: WindowEvents = {
  closing: () => true,
  closed: NOTHING,
  changed: NOTHING,
  titled: NOTHING,
  loaded: NOTHING,
  hung: NOTHING,
  crashed: NOTHING,
  gaveUp: (sentence) => {
    console.error(sentence);
  },
};

const nameOf = (index: number) => `window ${String(index + 1)}`;

async function workerPid(runtimeDirectory: string): Promise<number> {
  const record: unknown = JSON.parse(await readFile(path.join(runtimeDirectory, "worker.json"), "utf8"));
  return (record as { readonly pid: number }).pid;
}

const ask = async <T>(page: WebContents, expression: string): Promise<T> =>
  (await page.executeJavaScript(`window.macroscopeStress.${expression}`)) as T;

async function run(order: StressOrder): Promise<StressReport> {
  const userData = app.getPath("userData");
  const runtimeDirectory = path.join(userData, "run");
  const host = new HostProcess({
    python: findPython(root, process.env, process.platform),
    workerArguments: ["--recordings-directory", path.join(userData, "recordings"), "--linger-s", "0"],
    runtimeDirectory,
    logDirectory: path.join(userData, "logs"),
    version: "stress",
    electronVersion: process.versions.electron,
  });
  const broker = new PortBroker(host, isOurPage);
  const windows = Array.from({ length: order.windows }, (_, index) => {
    const label = `stress window ${String(index + 1)}`;
    const { contents } = makeAppWindow(
      {
        title: label,
        titledByPage: false,
        url: `${APP_ORIGIN}/stress/index.html`,
        bounds: { x: 0, y: 0, width: 1600, height: 1000 },
        least: { width: 320, height: 320 },
        ground: "#0a0a0a",
        maximized: false,
        inactive: false,
        fullScreen: false,
      },
      NO_EVENTS,
    );
    broker.admit(contents, { role: Role.OPERATOR, label });
    contents.on("console-message", (_event, level, message) => {
      if (level >= 2) console.error(`${nameOf(index)}: ${message}`);
    });
    return contents;
  });
  await Promise.all(
    windows.map(async (window) => {
      await new Promise<void>((resolve) => {
        window.once("did-finish-load", () => {
          resolve();
        });
      });
      await ask(window, "ready");
    }),
  );
  const watch = new ProcessWatch(
    {
      main: process.pid,
      host: host.pid ?? 0,
      worker: await workerPid(runtimeDirectory),
      ...Object.fromEntries(windows.map((window, index) => [nameOf(index), window.getOSProcessId()])),
    },
    SAMPLE_EVERY_MS,
  );
  const collections = COLLECT_AT.map(async (share) => {
    await delay(order.seconds * 1000 * share);
    await Promise.all(windows.map((window) => ask(window, "collect()")));
    await delay(RETURN_MEMORY_MS);
    await watch.lookAfterCollection(windows.map((_, index) => nameOf(index)));
  });
  const reports = await Promise.all(
    windows.map((window, index) => {
      const share: WindowOrder = {
        durationMs: order.seconds * 1000,
        commandsPerSecond: order.commandsPerSecond / order.windows,
        preview: index < order.previews,
      };
      return ask<WindowReport>(window, `work(${JSON.stringify(share)})`);
    }),
  );
  await Promise.all(collections);
  const processes = watch.stop();
  await delay(CONVERGE_MS);
  const revisions = await Promise.all(windows.map((window) => ask<string>(window, "revision()")));
  host.close();
  return {
    windows: reports.map((report, index) => ({ ...report, revision: revisions[index] ?? "" })),
    processes,
  };
}

async function start(): Promise<void> {
  await app.whenReady();
  guardSession(session.defaultSession);
  serveScheme(path.join(__dirname, "../renderer"));
  const report = await run(JSON.parse(process.env[ORDER_VARIABLE] ?? "{}") as StressOrder);
  // Not before the whole line is out: it is longer than a pipe holds.
  process.stdout.write(`${REPORT_MARK}${JSON.stringify(report)}\n`, () => {
    app.quit();
  });
}

app.commandLine.appendSwitch("js-flags", "--expose-gc");
declareScheme();
guardAllContents(isOurPage);
start().catch((error: unknown) => {
  console.error(error);
  app.exit(1);
});
