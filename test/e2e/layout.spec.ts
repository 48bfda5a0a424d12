/** What a machine can tell of the layout: where things lie, in sizes of window that people have. */
import type { Page } from "@playwright/test";
import { expect, plainTest as test } from "./application";
import { Gallery } from "./gallery";

const missing = process.env.MACROSCOPE_CHROMIUM_MISSING ?? "";
const SIZES = [
  { width: 1280, height: 720 },
  { width: 1600, height: 1000 },
] as const;

test.describe("layout", () => {
  test.skip(missing !== "", `there is no Chromium: ${missing}`);
  let gallery: Gallery;

  test.beforeAll(async () => {
    gallery = await Gallery.start();
  });
  test.afterAll(() => gallery.close());

  for (const size of SIZES) {
    test(`notifications that stay cover no control at ${size.width} × ${size.height}`, async () => {
      const page = await gallery.open("alarms");
      await page.setViewportSize(size);
      await expect(page.getByRole("region", { name: "New notifications" }).getByRole("alert")).toHaveCount(3);
      expect(await coveredByNews(page)).toEqual([]);
      for (const [tab, field] of [
        ["Stimulus", "Bar width"],
        ["Geometry", "Distance"],
        ["Acquisition", "Sweeps"],
      ] as const) {
        await page.getByRole("tab", { name: tab }).click();
        await page.getByRole("spinbutton", { name: field, exact: true }).fill("21");
        await expect(page.getByRole("tabpanel", { name: tab }).getByRole("button", { name: "Apply" })).toBeVisible();
        expect(await coveredByNews(page)).toEqual([]);
      }
      // What the phase is about stays at hand.
      await page.getByRole("button", { name: "Run checks" }).click({ trial: true });
      await page.close();
    });
  }
});

/** Names of controls in sight whose middle lies under the notifications; what is scrolled out of sight is not in sight. */
function coveredByNews(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const news = document.querySelector('[aria-label="New notifications"]');
    const seenIn = (element: Element): DOMRect | undefined => {
      const box = element.getBoundingClientRect();
      let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom];
      for (let around = element.parentElement; around; around = around.parentElement) {
        if (getComputedStyle(around).overflow === "visible") continue;
        const clip = around.getBoundingClientRect();
        [left, top] = [Math.max(left, clip.left), Math.max(top, clip.top)];
        [right, bottom] = [Math.min(right, clip.right), Math.min(bottom, clip.bottom)];
      }
      // A hair of it is nothing that anybody could press.
      return right - left > 2 && bottom - top > 2 ? new DOMRect(left, top, right - left, bottom - top) : undefined;
    };
    return [...document.querySelectorAll("button, input, select, textarea, [role=tab], [role=slider], [tabindex='0']")]
      .filter((control) => {
        const seen = seenIn(control);
        if (!seen || !news || news.contains(control)) return false;
        const hit = document.elementFromPoint(seen.x + seen.width / 2, seen.y + seen.height / 2);
        return hit !== null && news.contains(hit);
      })
      .map((control) => control.getAttribute("aria-label") ?? control.textContent);
  });
}
