/** The bench's processes: one utility process with host and bare side, and as many windows as a case wants. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { BrowserWindow, ipcMain, MessageChannelMain, type MessagePortMain, utilityProcess } from "electron";
import type { PageActions } from "../page/actions";
import type { BenchMessage } from "./host";

/** A window with its page, which does what it is asked. */
export class BenchWindow {
  readonly window: BrowserWindow;
  /** Main's end of a port to the page. */
  readonly peerPort: MessagePortMain;

  constructor(window: BrowserWindow, peerPort: MessagePortMain) {
    this.window = window;
    this.peerPort = peerPort;
  }

  /** Has the page do something, and gives back what came out. */
  async ask<K extends keyof PageActions>(
    action: K,
    ...work: Parameters<PageActions[K]>
  ): Promise<Awaited<ReturnType<PageActions[K]>>> {
    const call = `window.macroscopeBench.then((page) => page.${action}(...${JSON.stringify(work)}))`;
    return (await this.window.webContents.executeJavaScript(call)) as Awaited<ReturnType<PageActions[K]>>;
  }
}

export interface StageSettings {
  readonly userData: string;
  /** The checkout. */
  readonly root: string;
  readonly python: string;
}

/** Whoever made it closes it. */
export class Stage {
  readonly #host;
  readonly #runtimeDirectory: string;
  #windows: BenchWindow[] = [];

  constructor(settings: StageSettings) {
    this.#runtimeDirectory = path.join(settings.userData, "run");
    this.#host = utilityProcess.fork(path.join(__dirname, "host.cjs"), [], { stdio: "inherit" });
    this.#tell({ kind: "settings", ...settings });
  }

  /** Opens or closes windows until there are so many; gives back all. */
  async windows(count: number): Promise<readonly BenchWindow[]> {
    for (const { window } of this.#windows.splice(count)) window.destroy();
    while (this.#windows.length < count) this.#windows.push(await this.#open());
    return [...this.#windows];
  }

  /** The first window. */
  async first(): Promise<BenchWindow> {
    const [first] = await this.windows(Math.max(1, this.#windows.length));
    if (!first) throw new Error("no window");
    return first;
  }

  get hostPid(): number {
    const { pid } = this.#host;
    if (pid === undefined) throw new Error("The bench's host has ended.");
    return pid;
  }

  /** The worker's process, once it is there. */
  async workerPid(): Promise<number> {
    const record: unknown = JSON.parse(await readFile(path.join(this.#runtimeDirectory, "worker.json"), "utf8"));
    return (record as { readonly pid: number }).pid;
  }

  close(): void {
    for (const { window } of this.#windows.splice(0)) window.destroy();
    this.#host.kill();
  }

  async #open(): Promise<BenchWindow> {
    const window = new BrowserWindow({
      width: 800,
      height: 600,
      webPreferences: {
        preload: path.join(__dirname, "preload.cjs"),
        sandbox: true,
        contextIsolation: true,
        backgroundThrottling: false,
      },
    });
    window.webContents.on("console-message", (_event, level, message) => {
      if (level >= 2) console.error(`page: ${message}`);
    });
    // The page asks for its ports: the product's, the bare side's, and one to main for the peers.
    const [product, bare, peer] = [new MessageChannelMain(), new MessageChannelMain(), new MessageChannelMain()];
    const { id } = window.webContents;
    const onAsk = (event: Electron.IpcMainEvent) => {
      if (event.sender.id !== id) return;
      ipcMain.off("bench:ports", onAsk);
      this.#tell({ kind: "ports" }, [product.port2, bare.port2]);
      event.sender.postMessage("bench:ports", null, [product.port1, bare.port1, peer.port1]);
    };
    ipcMain.on("bench:ports", onAsk);
    await window.loadURL("bench://page/index.html");
    const opened = new BenchWindow(window, peer.port2);
    // Until its connections are there, it has nothing to measure.
    await window.webContents.executeJavaScript("window.macroscopeBench.then(() => true)");
    return opened;
  }

  #tell(message: BenchMessage, ports: MessagePortMain[] = []): void {
    this.#host.postMessage(message, ports);
  }
}
