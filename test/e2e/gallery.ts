/** The gallery of scenes, served as in development and drawn by Chromium: for tests that need the page laid out, and no worker. */
import path from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";
import { expect } from "./application";

const root = path.join(import.meta.dirname, "../..");

/** Scenes that lose something do so after a second and a half, and say so. */
const LATER = /^(worker-lost|worker-gave-up|no-answer|run-worker-lost)$/;

/** Whoever starts it closes it. */
export class Gallery {
  readonly #server: ViteDevServer;
  readonly #browser: Browser;
  readonly #context: BrowserContext;

  private constructor(server: ViteDevServer, browser: Browser, context: BrowserContext) {
    this.#server = server;
    this.#browser = browser;
    this.#context = context;
  }

  static async start(): Promise<Gallery> {
    const server = await createServer({
      configFile: path.join(root, "test/renderer/vite.gallery.config.ts"),
      logLevel: "error",
      cacheDir: path.join(root, ".cache/vite-accessibility"),
      // A port of its own, so that a gallery that somebody looks at is not in the way.
      server: { host: "127.0.0.1", port: 0, strictPort: false, hmr: false },
    });
    await server.listen();
    const browser = await chromium.launch({
      executablePath: process.env.MACROSCOPE_CHROMIUM ?? "/usr/bin/chromium",
      args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--enable-unsafe-swiftshader"],
    });
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, reducedMotion: "reduce" });
    return new Gallery(server, browser, context);
  }

  async open(scene: string): Promise<Page> {
    const page = await this.#context.newPage();
    await page.goto(`${this.#server.resolvedUrls?.local[0] ?? ""}gallery.html?rate=1&state=${scene}`);
    await expect(page.getByRole("status", { name: "State" })).not.toHaveText("Connecting");
    if (LATER.test(scene)) await expect(page.getByRole("alert").first()).toBeVisible();
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}
