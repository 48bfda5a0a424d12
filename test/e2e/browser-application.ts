/** The program for browsers as a test runs it, with folders of its own: what `npm run dev:browser` starts. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Page, test as base } from "@playwright/test";

const root = path.join(import.meta.dirname, "../..");

/** Why there is no browser here, as the suite says it. */
const missing = process.env.MACROSCOPE_CHROMIUM_MISSING ?? "";

/** What websocket.json says. */
export interface Door {
  readonly address: string;
  readonly operator_token: string;
  readonly viewer_token: string;
}

/** One running worker, and the server of its page. */
export class BrowserProgram {
  readonly origin: string;
  readonly folder: string;

  constructor(origin: string, folder: string) {
    this.origin = origin;
    this.folder = folder;
  }

  get recordings(): string {
    return path.join(this.folder, "recordings");
  }

  async door(): Promise<Door> {
    return JSON.parse(await readFile(path.join(this.folder, "run/websocket.json"), "utf8")) as Door;
  }

  async workerPid(): Promise<number> {
    const record = JSON.parse(await readFile(path.join(this.folder, "run/worker.json"), "utf8")) as { pid: number };
    return record.pid;
  }

  /** What the worker has written into its log. */
  log(): Promise<string> {
    return readFile(path.join(this.folder, "run/worker.log"), "utf8");
  }
}

/** Opens the page and shows it a token. */
export async function enter(
  page: Page,
  program: BrowserProgram,
  role: "operator" | "viewer" = "operator",
): Promise<void> {
  await page.goto(program.origin);
  await showToken(page, (await program.door())[`${role}_token`]);
  await expect(page.getByRole("status", { name: "State" })).toHaveText("Live");
}

/** Pastes a token, and asks for the connection. */
export async function showToken(page: Page, token: string): Promise<void> {
  await page.getByRole("textbox", { name: "Token" }).fill(token);
  await page.getByRole("button", { name: "Connect" }).click();
}

/** Settles with the page's origin as soon as the program has said how to get in. */
function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const read = (data: Buffer) => {
      said += data.toString();
      const origin = /Open\s+(http:\/\/\S+?)\/\s/.exec(said)?.[1];
      if (origin !== undefined && said.includes("websocket.json")) resolve(origin);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => reject(new Error(`The program ended with ${String(code)}:\n${said}`)));
  });
}

/** Tests that have a running program, the same for all, and a browser. */
export const test = base.extend<object, { program: BrowserProgram }>({
  // Playwright reads a fixture's needs from the pattern, so there has to be one.
  program: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const folder = await mkdtemp(path.join(tmpdir(), "macroscope-browser-"));
      const program = path.join(root, "scripts/browser/program.mjs");
      const child = spawn(process.execPath, [program, "--folder", folder, "--port", "0"], {
        env: { ...process.env, PYLON_CAMEMU: "2" },
      });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      try {
        await use(new BrowserProgram(await ready(child), folder));
      } finally {
        child.kill();
        await ended;
        await rm(folder, { recursive: true, force: true });
      }
    },
    { scope: "worker" },
  ],
});

/** To be said at the top of a file: its tests are skipped where there is no browser, before anything is started for them. */
export function needsChromium(): void {
  test.skip(missing !== "", `there is no Chromium: ${missing}`);
}

export { expect } from "@playwright/test";
