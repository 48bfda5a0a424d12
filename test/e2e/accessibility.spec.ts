/**
 * What a machine can tell of accessibility, in every scene of the gallery: names, roles, contrast. Drawn by Chromium, since axe reads the page that is
 * laid out; the gallery is served here as it is in development.
 */
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";
import { SCENES } from "../renderer/support/scenes";
import { expect, plainTest as test } from "./application";

const missing = process.env.MACROSCOPE_CHROMIUM_MISSING ?? "";
const root = path.join(import.meta.dirname, "../..");

/** Scenes whose interest is elsewhere than in the first look: which keys are pressed, or which tab is opened. */
const BEYOND: readonly { readonly scene: string; readonly keys?: string; readonly tab?: string }[] = [
  { scene: "live", keys: "?" },
  { scene: "live", keys: "t" },
  { scene: "notifications", keys: "n" },
  ...["Stimulus", "Geometry", "Session", "Acquisition", "Record"].map((tab) => ({ scene: "live", tab })),
];

/** Scenes that lose something do so after a second and a half, and say so. */
const LATER = /^(worker-lost|worker-gave-up|no-answer|run-worker-lost)$/;

test.describe("accessibility", () => {
  test.skip(missing !== "", `there is no Chromium: ${missing}`);
  let server: ViteDevServer;
  let browser: Browser;
  let context: BrowserContext;
  let address: string;

  test.beforeAll(async () => {
    server = await createServer({
      configFile: path.join(root, "test/renderer/vite.gallery.config.ts"),
      logLevel: "error",
      cacheDir: path.join(root, ".cache/vite-accessibility"),
      // A port of its own, so that a gallery that somebody looks at is not in the way.
      server: { host: "127.0.0.1", port: 0, strictPort: false, hmr: false },
    });
    await server.listen();
    address = server.resolvedUrls?.local[0] ?? "";
    browser = await chromium.launch({
      executablePath: process.env.MACROSCOPE_CHROMIUM ?? "/usr/bin/chromium",
      args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--enable-unsafe-swiftshader"],
    });
    context = await browser.newContext({ viewport: { width: 1280, height: 720 }, reducedMotion: "reduce" });
  });
  test.afterAll(async () => {
    await browser.close();
    await server.close();
  });

  async function open(scene: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${address}gallery.html?rate=1&state=${scene}`);
    await expect(page.getByRole("status", { name: "State" })).not.toHaveText("Connecting");
    if (LATER.test(scene)) await expect(page.getByRole("alert").first()).toBeVisible();
    return page;
  }

  async function violations(page: Page): Promise<string[]> {
    const { violations: found } = await new AxeBuilder({ page }).analyze();
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
  }

  for (const scene of Object.keys(SCENES)) {
    test(`${scene} has no violation`, async () => {
      const page = await open(scene);
      expect(await violations(page)).toEqual([]);
      await page.close();
    });
  }

  for (const { scene, keys, tab } of BEYOND) {
    test(`${scene}, ${tab === undefined ? `after “${keys ?? ""}”` : `tab ${tab}`}, has no violation`, async () => {
      const page = await open(scene);
      if (keys !== undefined) {
        await page.keyboard.press(keys);
        await expect(page.getByRole("dialog")).toBeVisible();
      }
      if (tab !== undefined) await page.getByRole("tab", { name: tab }).click();
      expect(await violations(page)).toEqual([]);
      await page.close();
    });
  }

  test("Stop can be pressed over every dialog", async () => {
    const page = await open("run-sweep");
    for (const key of ["?", "n", "t"]) {
      await page.keyboard.press(key);
      await expect(page.getByRole("dialog")).toBeVisible();
      const stop = page.getByRole("button", { name: "Stop", exact: true });
      await stop.click({ trial: true });
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toBeHidden();
    }
    await page.close();
  });
});
