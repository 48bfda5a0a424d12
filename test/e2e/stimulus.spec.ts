/** The stimulus window in the real program: attached, drawn by physical pixels, seen from the operator's window, lost and back. */
import type { Page } from "@playwright/test";
import { type Application, expect, test } from "./application";

/** Software drawing on a busy machine presents few frames. */
const SLOW_MS = 30_000;

async function openStimulus(app: Application): Promise<Page> {
  await expect(app.window.getByRole("status", { name: "State" })).toHaveText("Live");
  await app.window.getByRole("tab", { name: "Stimulus" }).click();
  const appeared = app.electron.waitForEvent("window");
  await app.window.keyboard.press("o");
  const page = await appeared;
  await page.waitForLoadState("domcontentloaded");
  await expect(standing(app)).toContainText(/ready|no flips/, { timeout: SLOW_MS });
  return page;
}

const standing = (app: Application) => app.window.getByRole("status", { name: "Stimulus" });
const figure = (app: Application, term: string) =>
  app.window.getByLabel("Stimulus figures").locator("div", { hasText: term }).locator("dd");

/** Whether the page's canvas shows black and white, which no grey is. */
async function showsChecks(page: Page): Promise<boolean> {
  const shot = await page.screenshot();
  return page.evaluate(
    async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: "image/png" }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      if (!context) return false;
      context.drawImage(bitmap, 0, 0);
      // Above the photodiode's square.
      const { data } = context.getImageData(0, 0, bitmap.width, Math.floor(bitmap.height / 2));
      let black = 0;
      let white = 0;
      for (let index = 0; index < data.length; index += 4) {
        if (data[index] === 0) black += 1;
        if (data[index] === 255) white += 1;
      }
      return black > 500 && white > 500;
    },
    [...shot],
  );
}

test("attaches, draws by physical pixels with no cursor and no scroll bars, and shows a test that the operator sees too", async ({
  app,
}) => {
  const page = await openStimulus(app);
  const facts = await page.evaluate(() => {
    const canvas = document.querySelector("canvas");
    return {
      physical: [Math.round(innerWidth * devicePixelRatio), Math.round(innerHeight * devicePixelRatio)],
      canvas: [canvas?.width, canvas?.height],
      cursor: getComputedStyle(document.body).cursor,
      scrolls: document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth,
    };
  });
  expect(facts.canvas).toEqual(facts.physical);
  expect(facts).toMatchObject({ cursor: "none", scrolls: false });
  await expect(figure(app, "Screen")).toContainText(`${String(facts.physical[0])} × ${String(facts.physical[1])} px`);
  expect(await showsChecks(page)).toBe(false);

  await app.window.keyboard.press("6");
  await expect(standing(app)).toContainText("Left to right");
  const picture = app.window.getByRole("img", { name: /What the animal sees: bar left to right/ });
  await expect(picture).toBeVisible({ timeout: SLOW_MS });
  await expect(app.window.getByText("from the stimulus window")).toBeVisible();
  await expect.poll(() => showsChecks(page), { timeout: SLOW_MS }).toBe(true);
  await app.window.keyboard.press("5");
  await expect.poll(() => showsChecks(page), { timeout: SLOW_MS }).toBe(false);
});

test("a window that is closed is lost, and the next one is attached anew", async ({ app }) => {
  const page = await openStimulus(app);
  await page.close();
  await expect(standing(app)).toContainText("lost");
  await expect(standing(app)).toContainText("Open the stimulus window again.");
  await openStimulus(app);
  await expect(figure(app, "Drawn by")).not.toHaveText("–");
});
