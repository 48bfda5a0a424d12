/** What an operator does at the real windows, by the names that the windows show: settings, windows, checks, a run and its end. */
import type { Locator, Page } from "@playwright/test";
import { type Application, expect } from "./application";

/** Until windows are drawn, clocks fitted and workers started. */
export const WITHIN = { timeout: 30_000 };

export const state = (app: Application): Locator => app.window.getByRole("status", { name: "State" });
export const button = (page: Page, name: RegExp | string): Locator => page.getByRole("button", { name }).first();

export async function openTab(app: Application, name: string): Promise<void> {
  await app.window.getByRole("tab", { name }).click();
}

/** Types into a field of the settings, and waits until the worker has taken it. */
export async function set(app: Application, tab: string, name: string, value: string): Promise<void> {
  await openTab(app, tab);
  const panel = app.window.getByRole("tabpanel", { name: tab });
  const field = panel
    .getByRole("spinbutton", { name, exact: true })
    .or(panel.getByRole("textbox", { name, exact: true }));
  await field.fill(value);
  await field.press("Enter");
  await expect(field).toHaveValue(value);
  await expect(panel.getByText("changed", { exact: true })).toHaveCount(0);
}

/** The phase, direction and sweep, in large letters. */
export const sweepShown = (app: Application): Locator => app.window.getByRole("group", { name: "Phase" });

/** Opens a window by a button of the operator's, and gives it a mark that only a reload takes away. */
async function openWindow(app: Application, page: string, press: () => Promise<void>): Promise<Page> {
  const [opened] = await Promise.all([
    app.electron.waitForEvent("window", { predicate: (window) => window.url().includes(`/${page}/`) }),
    press(),
  ]);
  await mark(opened);
  return opened;
}

export const openStimulus = (app: Application): Promise<Page> =>
  openWindow(app, "stimulus", async () => {
    await openTab(app, "Stimulus");
    await button(app.window, "Open stimulus window").click();
  });

export const openPreview = (app: Application): Promise<Page> =>
  openWindow(app, "preview", () =>
    app.window.getByRole("toolbar", { name: "Picture" }).getByRole("button", { name: "Window" }).click(),
  );

export async function mark(page: Page): Promise<void> {
  await page.evaluate(() => {
    (globalThis as { stayed?: boolean }).stayed = true;
  });
}

/**
 * Runs the checks, accepts the warnings that a machine without a second display and a graphics card gives, and starts. Where a check fails for what passes
 * by itself, such as clocks on a machine that is busy, the checks are made again, as they ask for.
 */
export async function startRun(app: Application): Promise<void> {
  const checks = app.window.getByRole("region", { name: "Pre-flight" });
  const inShort = checks.getByRole("status", { name: "Checks, in short" });
  await expect(async () => {
    await button(app.window, /^Run checks/).click();
    await expect(inShort).toContainText(/accept|passed|failed/i, WITHIN);
    await expect(checks.getByRole("listitem").filter({ hasText: /^fail/ })).toHaveCount(0, { timeout: 1000 });
  }).toPass({ timeout: 60_000 });
  for (const warning of await checks.getByRole("checkbox").all()) {
    if (await warning.isEnabled()) await warning.check();
  }
  await button(app.window, "Start run").click();
  await expect(state(app)).toContainText(/Preparing|Acquisition/, WITHIN);
}

/** Waits for the end of the run. A machine without a graphics card may show a sweep so badly that the run asks for a hand: it gets one. */
export async function seeThrough(app: Application): Promise<void> {
  await expect(async () => {
    const resume = button(app.window, /^Resume/);
    if ((await resume.isVisible()) && (await resume.isEnabled())) await resume.click();
    await expect(sweepShown(app)).toContainText("Review", { timeout: 1000 });
  }).toPass({ timeout: 120_000 });
}

/** From wherever a run has ended back to where the next one can be checked and started. */
export async function backToSetUp(app: Application): Promise<void> {
  await expect(async () => {
    for (const name of ["Recover", "New run"]) {
      const way = button(app.window, name);
      if (await way.isVisible()) await way.click();
    }
    await expect(button(app.window, /^Run checks/)).toBeVisible({ timeout: 1000 });
  }).toPass(WITHIN);
}
