/** Puts main together: windows, host, the server that windows reach as "main", and what main itself hears of the worker. */
import path from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import { app, dialog, powerSaveBlocker, screen } from "electron";
import { makeAppWindow } from "./app-window";
import { AwakeDisplay } from "./awake-display";
import { DirectPorts } from "./direct-ports";
import { showSign } from "./display-sign";
import { Displays } from "./displays";
import { HostProcess } from "./host-process";
import { makeHostSettings } from "./host-settings";
import { DisplaySigns } from "./identify-displays";
import { LeaveGuard } from "./leave-guard";
import { makeMainServer, portTo } from "./main-server";
import { Notifier } from "./notifier";
import { guardKeys } from "./page-keys";
import { isOurPage } from "./page-origin";
import { PortBroker } from "./port-broker";
import { RunWatch } from "./run-watch";
import { TextFiles } from "./text-file";
import { WindowMemory } from "./window-memory";
import { windowNews } from "./window-news";
import { type Going, Windows } from "./windows";
import { channelToWorker, clientsOver } from "./worker-access";

const NOTHING_GOES_ON: Going = { guarded: false, run: false };

/** The program without its life, which is Electron's. Whoever made it ends it. */
export interface Program {
  readonly windows: Windows;
  readonly guard: LeaveGuard;
  readonly notifier: Notifier;
  /** What goes on now; nothing, once the program may be left. */
  going(): Going;
  /** Whether everything that is to be remembered is written. */
  readonly settled: boolean;
  /** Writes what is to be remembered. */
  settle(): Promise<void>;
  /** Ends the host. The worker goes on if it records. */
  end(): void;
}

/** Makes everything; no window is open yet. Electron has to be ready. */
export async function makeProgram(): Promise<Program> {
  const [settings, memory] = await Promise.all([
    makeHostSettings(),
    WindowMemory.read(path.join(app.getPath("userData"), "windows.json")),
  ]);
  const displays = new Displays(screen, process.platform);
  const awake = new AwakeDisplay(powerSaveBlocker);
  const signs = new DisplaySigns(showSign);
  const files = new TextFiles(dialog, app.getPath("documents"));
  const going = () => (guard.free ? NOTHING_GOES_ON : watch.going);

  const windows = new Windows({
    make: makeAppWindow,
    displays,
    memory,
    going,
    admit: (contents, identity) => {
      broker.admit(contents, identity);
      direct.admit(contents, identity);
      guardKeys(contents, () => going().guarded, !app.isPackaged);
    },
    askToLeave: () => {
      guard.ask();
    },
    tell: windowNews((news) => {
      notifier.post(news);
    }, dialog),
  });
  const server = makeMainServer(app.getVersion(), windows, {
    identifyDisplays: () => {
      if (going().guarded) {
        throw new ConnectError("A run goes on, and the signs would lie over what it shows.", Code.FailedPrecondition);
      }
      signs.show(displays.list());
    },
    saveTextFile: (name, text, signal) => files.save(name, text, signal),
  });
  const host = new HostProcess(settings, () => portTo(server));
  const broker = new PortBroker(host, isOurPage);
  const direct = new DirectPorts(isOurPage);
  const worker = channelToWorker(host, app.getVersion());
  const clients = clientsOver(worker);
  const notifier = new Notifier(worker, clients.notification);
  const keepAwake = () => {
    awake.keep(windows.stimulusOpen || going().run);
  };
  const watch = new RunWatch(worker, clients, () => {
    windows.refresh();
    keepAwake();
  });
  windows.subscribe(keepAwake);
  const guard = new LeaveGuard({
    dialog,
    goingOn: () => watch.sentence,
    leave: () => {
      app.quit();
    },
  });
  return {
    windows,
    guard,
    notifier,
    going,
    get settled() {
      return memory.settled;
    },
    settle: () => memory.flush(),
    end: () => {
      signs.clear();
      watch.close();
      worker.close();
      host.close();
    },
  };
}
