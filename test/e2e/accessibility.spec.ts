/**
 * What a machine can tell of accessibility, in every scene of the gallery: names, roles, contrast. Drawn by Chromium, since axe reads the page that is
 * laid out; the gallery is served here as it is in development.
 */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { SCENES } from "../renderer/support/scenes";
import { expect, plainTest as test } from "./application";
import { Gallery } from "./gallery";

const missing = process.env.MACROSCOPE_CHROMIUM_MISSING ?? "";

/** Scenes whose interest is elsewhere than in the first look: which keys are pressed, or which tab is opened. */
const BEYOND: readonly { readonly scene: string; readonly keys?: string; readonly tab?: string }[] = [
  { scene: "live", keys: "?" },
  { scene: "live", keys: "t" },
  { scene: "notifications", keys: "n" },
  ...["Stimulus", "Geometry", "Session", "Acquisition", "Record"].map((tab) => ({ scene: "live", tab })),
];

test.describe("accessibility", () => {
  test.skip(missing !== "", `there is no Chromium: ${missing}`);
  let gallery: Gallery;

  test.beforeAll(async () => {
    gallery = await Gallery.start();
  });
  test.afterAll(() => gallery.close());

  async function violations(page: Page): Promise<string[]> {
    const { violations: found } = await new AxeBuilder({ page }).analyze();
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
  }

  for (const scene of Object.keys(SCENES)) {
    test(`${scene} has no violation`, async () => {
      const page = await gallery.open(scene);
      expect(await violations(page)).toEqual([]);
      await page.close();
    });
  }

  for (const { scene, keys, tab } of BEYOND) {
    test(`${scene}, ${tab === undefined ? `after “${keys ?? ""}”` : `tab ${tab}`}, has no violation`, async () => {
      const page = await gallery.open(scene);
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
    const page = await gallery.open("run-sweep");
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
