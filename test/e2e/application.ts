/** Starts the real application for a test, with folders of its own, and looks at what it leaves on the disk. */
import type { ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { _electron, type ElectronApplication, type Page, test as base } from "@playwright/test";
import { runsIn, summaryOf, type Verification, verifyRun } from "./recorded-run";

const root = path.join(import.meta.dirname, "../..");

/** One running application. */
export class Application {
  readonly electron: ElectronApplication;
  /** It outlives Playwright's connection to it. */
  readonly process: ChildProcess;
  readonly window: Page;
  readonly userData: string;
  readonly recordings: string;

  constructor(electron: ElectronApplication, window: Page, folder: string) {
    this.electron = electron;
    this.process = electron.process();
    this.window = window;
    this.userData = path.join(folder, "user-data");
    this.recordings = path.join(folder, "recordings");
  }

  /** The worker's process id, as it says itself. */
  async workerPid(): Promise<number> {
    const record = JSON.parse(await readFile(path.join(this.userData, "run/worker.json"), "utf8")) as { pid: number };
    return record.pid;
  }

  /** The run folders, oldest first. */
  runs(): Promise<string[]> {
    return runsIn(this.recordings);
  }

  /** Checks a run folder with the program that users check theirs with. */
  verify(folder: string): Promise<Verification> {
    return verifyRun(folder);
  }

  /** `run.json` of a run folder. */
  summary(folder: string): Promise<Record<string, unknown>> {
    return summaryOf(folder);
  }
}

/** The Electron that its own package, or the override, names. */
export function electronExecutable(): string {
  const found: unknown = createRequire(import.meta.url)("electron");
  if (typeof found !== "string") throw new Error("The electron package names no executable.");
  return found;
}

/** Arguments that run the built application with `folder` as its home. */
export function electronArguments(folder: string): string[] {
  const asRoot = process.platform === "linux" && process.getuid?.() === 0;
  const userData = path.join(folder, "user-data");
  return [...(asRoot ? ["--no-sandbox"] : []), "--disable-gpu", `--user-data-dir=${userData}`, root];
}

/** Starts the built application with `folder` as its home. */
export async function launch(folder: string, environment: Record<string, string>): Promise<Application> {
  const electron = await _electron.launch({
    executablePath: electronExecutable(),
    args: electronArguments(folder),
    env: {
      ...(process.env as Record<string, string>),
      PYLON_CAMEMU: "2",
      MACROSCOPE_RECORDINGS: path.join(folder, "recordings"),
      ...environment,
    },
  });
  return new Application(electron, await electron.firstWindow(), folder);
}

/** Quits the application. One that records asks first whether it may; a test that failed while it did is not to wait for a person. */
export async function quit({ electron, process: { exitCode, signalCode } }: Application): Promise<void> {
  if (exitCode !== null || signalCode !== null) return;
  await electron.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
  });
  await electron.close();
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

/** Ends a worker that outlives the application on purpose. */
export async function endWorker(application: Application): Promise<void> {
  const pid = await application.workerPid().catch(() => undefined);
  if (pid === undefined) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

interface Fixtures {
  /** Added to the application's environment. */
  environment: Record<string, string>;
  /** Where the application keeps everything; gone after the test. */
  folder: string;
  /** A running application. */
  app: Application;
  /** Kills the application, as an accident would, and starts it again with the same folders. */
  relaunch: () => Promise<Application>;
}

/** Tests that have a running application. */
export const test = base.extend<Fixtures>({
  environment: [{}, { option: true }],
  // Playwright reads a fixture's needs from the pattern, so there has to be one.
  // eslint-disable-next-line no-empty-pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), "macroscope-e2e-"));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  app: async ({ environment, folder }, use) => {
    const app = await launch(folder, environment);
    await use(app);
    await quit(app);
    await endWorker(app);
  },
  relaunch: async ({ app, environment, folder }, use) => {
    let again: Application | undefined;
    await use(async () => {
      await kill(app.process);
      again = await launch(folder, environment);
      return again;
    });
    if (again) await quit(again);
  },
});

export { expect, test as plainTest } from "@playwright/test";
