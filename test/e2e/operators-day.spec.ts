/** An operator's day in the real application: a whole run from set-up to review, and what goes wrong in the middle of one. */
import { AxeBuilder } from "@axe-core/playwright";
import type { ElectronApplication, Page } from "@playwright/test";
import { agreementOf } from "./agreement";
import { type Application, expect, test } from "./application";
import {
  backToSetUp,
  button,
  mark,
  openPreview,
  openStimulus,
  openTab,
  seeThrough,
  set,
  startRun,
  state,
  sweepShown,
  WITHIN,
} from "./day";
import { eventsOf, workflowOf } from "./recorded-events";

/** Two directions of two sweeps, about 2 s each. */
const SHORT_RUN = { sweeps: 2, directions: ["DIRECTION_LEFT_TO_RIGHT", "DIRECTION_TOP_TO_BOTTOM"] };
async function makeShort(app: Application): Promise<void> {
  await expect(state(app)).toHaveText("Live", WITHIN);
  await set(app, "Session", "Name", "day");
  await set(app, "Session", "Animal", "mouse 7");
  await set(app, "Stimulus", "Drift", "60");
  await set(app, "Acquisition", "Baseline", "1");
  await set(app, "Acquisition", "Between sweeps", "1");
  await set(app, "Acquisition", "Sweeps", "2");
  // Machines that run tests are busy, and cameras that draw their own frames skip some then.
  await set(app, "Acquisition", "Missing frames", "60");
  for (const direction of ["Right to left", "Bottom to top"]) {
    await app.window.getByRole("checkbox", { name: direction }).uncheck();
  }
}

/** What the page of a kind of window says of itself. Main asks it: the test's own hold of a page ends with the page's process. */
function ask(app: Application, page: string, question: string): Promise<unknown> {
  return app.electron.evaluate(
    ({ webContents }, [name, code]) => {
      const found = webContents.getAllWebContents().find((contents) => contents.getURL().includes(`/${name}/`));
      if (!found || found.isCrashed()) return undefined;
      // A page that ends while it is asked never answers.
      const silence = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 1000));
      return Promise.race([found.executeJavaScript(code) as Promise<unknown>, silence]);
    },
    [page, question] as const,
  );
}

/** Whether the pages have lived since they were marked. */
const stayed = (app: Application, ...pages: readonly string[]): Promise<unknown[]> =>
  Promise.all(pages.map((page) => ask(app, page, "globalThis.stayed === true")));

/** Ends the process of a window's page, as a fault of its would. */
async function crash(app: ElectronApplication, page: string): Promise<void> {
  await app.evaluate(({ webContents }, name) => {
    const found = webContents.getAllWebContents().find((contents) => contents.getURL().includes(`/${name}/`));
    found?.forcefullyCrashRenderer();
  }, page);
}

/** What a machine can tell of accessibility, of the window as it is. */
async function violations(page: Page): Promise<string[]> {
  // Electron opens no page for axe to put its findings together in; the old way does without.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

test("a whole run: preset, second picture, stimulus, checks, pause, resume, review; what is recorded agrees", async ({
  app,
}) => {
  test.setTimeout(180_000);
  await makeShort(app);

  // A preset is saved, the setting changed, and the preset brings it back.
  await button(app.window, /^Presets/).click();
  const presets = app.window.getByRole("dialog", { name: "Presets" });
  await presets.getByRole("textbox", { name: "Save as" }).fill("Short run");
  await presets.getByRole("button", { name: "Save", exact: true }).click();
  await expect(presets.getByRole("button", { name: "Load Short run" })).toBeVisible();
  await app.window.keyboard.press("Escape");
  await set(app, "Acquisition", "Sweeps", "9");
  await expect(button(app.window, /^Presets/)).toContainText(/Short run.*changed/s);
  await button(app.window, /^Presets/).click();
  await presets.getByRole("button", { name: "Load Short run" }).click();
  await expect(presets).toBeHidden();
  await expect(app.window.getByRole("spinbutton", { name: "Sweeps", exact: true })).toHaveValue("2");

  await mark(app.window);
  const preview = await openPreview(app);
  await expect(preview.getByText(/[1-9]\d*\.\d Hz/).first()).toBeVisible(WITHIN);
  await openStimulus(app);
  await expect(app.window.getByRole("status", { name: "Flips" })).toContainText(/\d Hz/, WITHIN);

  expect(await violations(app.window)).toEqual([]);
  expect(await violations(preview)).toEqual([]);

  await startRun(app);
  await expect(sweepShown(app)).toContainText(/Left to right/, WITHIN);
  await button(app.window, /^Pause/).click();
  await expect(state(app)).toContainText(/Paused|Needs a hand/, WITHIN);
  await button(app.window, /^Resume/).click();
  await expect(state(app)).toContainText("Acquisition", WITHIN);
  expect(await violations(app.window)).toEqual([]);
  await seeThrough(app);
  expect(await violations(app.window)).toEqual([]);

  // People were told, and what they have seen is noted.
  await app.window.keyboard.press("n");
  const history = app.window.getByRole("dialog", { name: "Notifications" });
  await expect(history).toContainText(/started/);
  await expect(history).toContainText(/pause/i);
  await history.getByRole("button", { name: /Acknowledge all/ }).click();
  await expect(history).toContainText(/operator window/);
  await app.window.keyboard.press("Escape");

  const [folder = "", ...others] = await app.runs();
  expect(others).toEqual([]);
  await expectAgreement(folder);
  expect(JSON.stringify(await eventsOf(folder, "/notifications"))).toContain("run_paused");
  expect(await stayed(app, "operator", "preview", "stimulus")).toEqual([true, true, true]);
});

/** Number and order of phases, sweeps, flips and frames, out of the files themselves. */
async function expectAgreement(folder: string): Promise<void> {
  const { directions, sweeps } = SHORT_RUN;
  const { problems } = await agreementOf(
    folder,
    directions.flatMap((direction) => Array.from({ length: sweeps }, () => direction)),
  );
  expect(problems).toEqual([]);
}

/** A short run in its first sweep, with every window open and marked. */
async function startDay(app: Application): Promise<void> {
  await makeShort(app);
  await mark(app.window);
  await openPreview(app);
  await openStimulus(app);
  await expect(app.window.getByRole("status", { name: "Flips" })).toContainText(/\d Hz/, WITHIN);
  await startRun(app);
  await expect(sweepShown(app)).toContainText(/Left to right/, WITHIN);
}

test("the stimulus window crashes in a run: it pauses, says why, and goes on with the sweep again", async ({ app }) => {
  test.setTimeout(180_000);
  await startDay(app);
  await crash(app.electron, "stimulus");
  await expect(state(app)).toContainText("Needs a hand", WITHIN);
  await expect(
    app.window
      .getByText(/stimulus/i)
      .filter({ hasText: /lost|ended|crash|gone|closed/i })
      .first(),
  ).toBeVisible();
  // The window has come back by itself; the run waits for a person.
  await expect(app.window.getByRole("status", { name: "Flips" })).toContainText(/\d Hz/, WITHIN);
  await seeThrough(app);
  expect(await stayed(app, "operator", "preview")).toEqual([true, true]);
  const [folder = ""] = await app.runs();
  const { sweeps } = await workflowOf(folder);
  expect(sweeps.some(({ outcome }) => outcome === "SWEEP_OUTCOME_BROKEN")).toBe(true);
  await expectAgreement(folder);
});

test("a preview window crashes in a run: it alone comes back, and the run goes on", async ({ app }) => {
  test.setTimeout(180_000);
  await startDay(app);
  await crash(app.electron, "preview");
  await expect.poll(() => stayed(app, "preview"), WITHIN).toEqual([false]);
  await expect.poll(() => ask(app, "preview", "document.body.innerText"), WITHIN).toMatch(/[1-9]\d*\.\d Hz/);
  await seeThrough(app);
  expect(await stayed(app, "operator", "stimulus")).toEqual([true, true]);
  const [folder = ""] = await app.runs();
  await expectAgreement(folder);
});

test("the worker is killed in a run: windows stay, say so, and the next run goes whole", async ({ app }) => {
  test.setTimeout(240_000);
  await startDay(app);
  process.kill(await app.workerPid(), "SIGKILL");
  await expect(state(app)).toContainText(/Worker lost|Starting|Connecting|Error/, WITHIN);
  // The worker that comes after knows what was cut short, and the settings.
  await expect(app.window.getByText(/cut short|ended unasked|was killed|interrupted/i).first()).toBeVisible(WITHIN);
  await expect(app.window.getByRole("status", { name: "Camera" })).toContainText(/live/, WITHIN);
  expect(await stayed(app, "operator", "preview", "stimulus")).toEqual([true, true, true]);
  await openTab(app, "Acquisition");
  await expect(app.window.getByRole("spinbutton", { name: "Sweeps", exact: true })).toHaveValue("2");
  await backToSetUp(app);
  await expect(app.window.getByRole("status", { name: "Flips" })).toContainText(/\d Hz/, WITHIN);
  await startRun(app);
  await seeThrough(app);
  const runs = await app.runs();
  expect(runs).toHaveLength(2);
  await expectAgreement(runs[1] ?? "");
});
