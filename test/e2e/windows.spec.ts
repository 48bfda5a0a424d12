/** The program's windows: opened through main's service, each a process of its own, remembered, guarded, and joined by ports. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ElectronApplication, Page } from "@playwright/test";
import { type Application, expect, test } from "./application";
import { enterPage } from "./protocol-client";

interface WindowFacts {
  readonly id: number;
  readonly kind: string;
  readonly displayId: string;
  readonly fullScreen?: boolean;
  readonly crashed?: boolean;
  readonly crashes?: number;
}

interface Windows {
  readonly windows: readonly WindowFacts[];
  readonly displays: readonly { readonly widthPx: number; readonly heightPx: number; readonly number: number }[];
  readonly guarded?: boolean;
  readonly stimulusDisplayId?: string;
}

/** The operator's page, with a client of the test's own beside its own. */
async function operatorOf(app: Application): Promise<Page> {
  await expect(app.window.getByRole("status", { name: "State" })).toHaveText("Live");
  await enterPage(app.window);
  return app.window;
}

async function windowsOf(page: Page): Promise<Windows> {
  const outcome = await page.evaluate(() => window.macroscopeTest.windows());
  if (!("answer" in outcome)) throw new Error(outcome.message);
  return (outcome.answer as unknown as { state: Windows }).state;
}

const ofKind = ({ windows }: Windows, kind: string) => windows.filter((window) => window.kind.endsWith(kind));

/** Opens a window through the service, and gives its page once that is there. */
async function openWindow(
  app: Application,
  operator: Page,
  kind: "PREVIEW" | "STIMULUS",
  regionId = "",
): Promise<Page> {
  const appeared = app.electron.waitForEvent("window");
  const outcome = await operator.evaluate(
    ([name, region]) => window.macroscopeTest.call("openWindow", { kind: `WINDOW_KIND_${name}`, regionId: region }),
    [kind, regionId] as const,
  );
  expect(outcome).toMatchObject({ answer: { window: { kind: `WINDOW_KIND_${kind}` } } });
  const page = await appeared;
  await page.waitForLoadState("domcontentloaded");
  return page;
}

/** What is written down of the windows' places. */
const rememberedIn = (app: Application) => readFile(path.join(app.userData, "windows.json"), "utf8").catch(() => "");

/** How large the only screen is here. */
const screenOf = (app: Application) => app.electron.evaluate(({ screen }) => screen.getPrimaryDisplay().size);

/** Puts a mark on a page, which a reload would take away. */
const mark = (page: Page) =>
  page.evaluate(() => {
    document.documentElement.dataset.marked = "yes";
  });
const isMarked = (page: Page) => page.evaluate(() => document.documentElement.dataset.marked === "yes");

test("preview and stimulus windows open through the service, each with its page; the same one is brought to the front", async ({
  app,
}) => {
  const operator = await operatorOf(app);
  const preview = await openWindow(app, operator, "PREVIEW", "v1");
  expect(preview.url()).toBe("macroscope://app/preview/index.html?region=v1");
  const stimulus = await openWindow(app, operator, "STIMULUS");
  expect(stimulus.url()).toBe("macroscope://app/stimulus/index.html");

  const again = await operator.evaluate(() =>
    window.macroscopeTest.call("openWindow", { kind: "WINDOW_KIND_PREVIEW", regionId: "v1" }),
  );
  const [{ id } = { id: 0 }] = ofKind(await windowsOf(operator), "PREVIEW");
  expect(again).toMatchObject({ answer: { window: { id } } });
  const state = await windowsOf(operator);
  expect(state.windows).toHaveLength(3);
  // There is one display here, which the operator's window needs.
  expect(ofKind(state, "STIMULUS")[0]?.fullScreen ?? false).toBe(false);
  const { width, height } = await screenOf(app);
  expect(state.displays).toMatchObject([{ number: 1, widthPx: width, heightPx: height }]);

  const gone = preview.waitForEvent("close");
  expect(await operator.evaluate((number) => window.macroscopeTest.call("closeWindow", { id: number }), id)).toEqual({
    answer: {},
  });
  await gone;
  await expect.poll(async () => (await windowsOf(operator)).windows.length).toBe(2);
  const refused = await operator.evaluate(() => window.macroscopeTest.call("focusWindow", { id: 99 }));
  expect(refused).toMatchObject({ message: "There is no such window. It may have been closed." });
});

/** Ends the process of the page at an address, as a fault would. */
async function crash(electron: ElectronApplication, url: string): Promise<void> {
  await electron.evaluate(({ BrowserWindow }, address) => {
    const found = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL() === address);
    found?.webContents.forcefullyCrashRenderer();
  }, url);
}

/** What is on the screen is compared, not what a counter says. */
async function expectMovingPicture(page: Page): Promise<void> {
  const picture = page.getByRole("group", { name: "Live preview" });
  const first = await picture.screenshot();
  await expect(async () => {
    expect((await picture.screenshot()).equals(first)).toBe(false);
  }).toPass();
}

test("a window whose page crashes comes back alone; the others' pages stay and go on", async ({ app }) => {
  const operator = await operatorOf(app);
  const other = await openWindow(app, operator, "PREVIEW", "other");
  const preview = await openWindow(app, operator, "PREVIEW");
  const stimulus = await openWindow(app, operator, "STIMULUS");
  await Promise.all([operator, other, preview, stimulus].map(mark));
  const pids = await app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(({ webContents }) => webContents.getOSProcessId()),
  );
  expect(new Set(pids).size).toBe(4);

  const loaded = app.electron.evaluate(
    ({ BrowserWindow }, address) =>
      new Promise<void>((resolve) => {
        const found = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL() === address);
        found?.webContents.once("did-finish-load", () => resolve());
      }),
    preview.url(),
  );
  await crash(app.electron, preview.url());
  await loaded;
  await expect
    .poll(async () => ofKind(await windowsOf(operator), "PREVIEW"))
    .toMatchObject([{ kind: "WINDOW_KIND_PREVIEW" }, { kind: "WINDOW_KIND_PREVIEW", crashes: 1 }]);
  expect(ofKind(await windowsOf(operator), "PREVIEW").some(({ crashed }) => crashed)).toBe(false);
  expect(await Promise.all([operator, other, stimulus].map(isMarked))).toEqual([true, true, true]);
  await expectMovingPicture(operator);
  await expectMovingPicture(other);
  await expect
    .poll(() => operator.evaluate(() => window.macroscopeTest.notifications()))
    .toContain("window page_crashed");
  const marked = await app.electron.evaluate(({ BrowserWindow }, address) => {
    const found = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL() === address);
    return found?.webContents.executeJavaScript("document.documentElement.dataset.marked ?? ''") as Promise<string>;
  }, preview.url());
  expect(marked).toBe("");
  await expect(operator.getByRole("status", { name: "State" })).toHaveText("Live");
});

test("a window stands where it stood when the program is started again", async ({ app, relaunch }) => {
  const bounds = { x: 210, y: 130, width: 640, height: 480 };
  const boundsOf = (again: Application) =>
    again.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find(({ webContents }) => webContents.getURL().includes("/preview/"))
        ?.getBounds(),
    );
  await openWindow(app, await operatorOf(app), "PREVIEW", "v1");
  await app.electron.evaluate(({ BrowserWindow }, place) => {
    BrowserWindow.getAllWindows()
      .find(({ webContents }) => webContents.getURL().includes("/preview/"))
      ?.setBounds(place);
  }, bounds);
  await expect.poll(() => rememberedIn(app)).toContain('"width": 640');

  const again = await relaunch();
  await openWindow(again, await operatorOf(again), "PREVIEW", "v1");
  await expect.poll(() => boundsOf(again)).toEqual(bounds);
});

/** Half of the screen that tests run on, as a display of its own; the system tells of it and of its end. */
const HALF = { x: 850, y: 0, width: 850, height: 1100 };

async function plugIn(app: Application): Promise<void> {
  await app.electron.evaluate(({ screen }, bounds) => {
    const real = screen.getPrimaryDisplay();
    const half = { ...real, id: 99, label: "Half", bounds, workArea: bounds, displayFrequency: 60 };
    screen.getAllDisplays = () => [real, half];
    screen.emit("display-added", {}, half);
  }, HALF);
}

async function unplug(app: Application): Promise<void> {
  await app.electron.evaluate(({ screen }) => {
    screen.getAllDisplays = () => [screen.getPrimaryDisplay()];
    screen.emit("display-removed", {}, {});
  });
}

test("the stimulus window fills the display chosen for it, goes with it, and comes back", async ({ app }) => {
  const operator = await operatorOf(app);
  await plugIn(app);
  const refused = await operator.evaluate(() =>
    window.macroscopeTest.call("chooseStimulusDisplay", { displayId: "98" }),
  );
  expect(refused).toMatchObject({ message: "There is no such display. It may have been unplugged." });
  await operator.evaluate(() => window.macroscopeTest.call("chooseStimulusDisplay", { displayId: "99" }));
  const stimulus = await openWindow(app, operator, "STIMULUS");
  await expect
    .poll(async () => ofKind(await windowsOf(operator), "STIMULUS"))
    .toMatchObject([{ displayId: "99", fullScreen: true }]);
  const place = () =>
    app.electron.evaluate(({ BrowserWindow }) => {
      const found = BrowserWindow.getAllWindows().find(({ webContents }) =>
        webContents.getURL().includes("/stimulus/"),
      );
      return found && { bounds: found.getBounds(), onTop: found.isAlwaysOnTop(), focused: found.isFocused() };
    });
  expect(await place()).toEqual({ bounds: HALF, onTop: true, focused: false });
  expect(await app.electron.evaluate(({ powerSaveBlocker }) => powerSaveBlocker.isStarted(0))).toBe(true);

  const gone = stimulus.waitForEvent("close");
  await unplug(app);
  await gone;
  expect(await windowsOf(operator)).toMatchObject({
    stimulusDisplayId: "99",
    windows: [{ kind: "WINDOW_KIND_OPERATOR" }],
  });
  expect(await app.electron.evaluate(({ powerSaveBlocker }) => powerSaveBlocker.isStarted(0))).toBe(false);

  const back = app.electron.waitForEvent("window");
  await plugIn(app);
  expect((await back).url()).toBe("macroscope://app/stimulus/index.html");
  expect(await place()).toMatchObject({ bounds: HALF, onTop: true });
});

test("every display shows its number for a while", async ({ app }) => {
  const operator = await operatorOf(app);
  const signs = () =>
    app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .filter(({ webContents }) => webContents.getURL().startsWith("data:"))
        .map((window) => ({ title: window.getTitle(), visible: window.isVisible(), bounds: window.getBounds() })),
    );
  expect(await operator.evaluate(() => window.macroscopeTest.call("identifyDisplays", {}))).toEqual({ answer: {} });
  const { width, height } = await screenOf(app);
  const bounds = { x: (width - 460) / 2, y: (height - 260) / 2, width: 460, height: 260 };
  await expect.poll(signs).toEqual([{ title: "Display 1", visible: true, bounds }]);
  await expect.poll(signs).toEqual([]);
});

test("a text is saved where somebody says, and nowhere when they do not", async ({ app, folder }) => {
  const operator = await operatorOf(app);
  const answer = (filePath: string) =>
    app.electron.evaluate(({ dialog }, file) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: file === "", filePath: file });
    }, filePath);
  const save = () =>
    operator.evaluate(() =>
      window.macroscopeTest.call("saveTextFile", { suggestedName: "preset.json", text: '{"µ": 1}\n' }),
    );
  const file = path.join(folder, "preset.json");
  await answer("");
  expect(await save()).toEqual({ answer: {} });
  await answer(file);
  expect(await save()).toEqual({ answer: { path: file } });
  expect(await readFile(file, "utf8")).toBe('{"µ": 1}\n');
});

test("a port between two windows carries calls, and ends with the other window's page", async ({ app }) => {
  const operator = await operatorOf(app);
  const dial = () => operator.evaluate(() => window.macroscopeTest.dial("stimulus"));
  expect(await dial()).toEqual({ phase: "lost", reason: "There is no stimulus window." });
  const stimulus = await openWindow(app, operator, "STIMULUS");
  await expect.poll(dial).toEqual({ phase: "live", build: "macroscope stimulus window" });

  await crash(app.electron, stimulus.url());
  await expect.poll(() => operator.evaluate(() => window.macroscopeTest.phases())).toContain("lost");
  // The page that came back takes ports again, and the channel dials by itself.
  await expect.poll(() => operator.evaluate(() => window.macroscopeTest.phases().at(-1))).toBe("live");

  const [{ id } = { id: 0 }] = ofKind(await windowsOf(operator), "STIMULUS");
  await operator.evaluate((number) => window.macroscopeTest.call("closeWindow", { id: number }), id);
  await expect.poll(() => operator.evaluate(() => window.macroscopeTest.phases().at(-1))).not.toBe("live");
  expect(await dial()).toMatchObject({ phase: "lost" });
});

test("a killed host comes back, and main's service with it", async ({ app }) => {
  const operator = await operatorOf(app);
  const before = await windowsOf(operator);
  await app.electron.evaluate(({ app: { getAppMetrics } }) => {
    const host = getAppMetrics().find(({ name, serviceName }) => [name, serviceName].includes("Macroscope host"));
    if (host) process.kill(host.pid, "SIGKILL");
  });
  await expect.poll(() => operator.evaluate(() => window.macroscopeTest.mainPhase())).not.toBe("live");
  await expect.poll(() => operator.evaluate(() => window.macroscopeTest.mainPhase())).toBe("live");
  expect((await windowsOf(operator)).windows).toEqual(before.windows);
});

test("closing the operator's window closes the rest and ends the program", async ({ app }) => {
  const operator = await operatorOf(app);
  await openWindow(app, operator, "PREVIEW");
  await openWindow(app, operator, "STIMULUS");
  const ended = new Promise((resolve) => app.process.once("exit", resolve));
  await app.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()
      .find(({ webContents }) => webContents.getURL().includes("/operator/"))
      ?.close();
  });
  expect(await ended).toBe(0);
});

test.describe("while a recording goes on", () => {
  /** Answers the questions that main asks, and keeps what they said. */
  async function answerQuestions(app: Application, response: number): Promise<void> {
    await app.electron.evaluate(({ dialog }, button) => {
      const kept = globalThis as unknown as { questions?: string[]; button: number };
      kept.questions ??= [];
      kept.button = button;
      dialog.showMessageBox = ((options: { message: string }) => {
        kept.questions?.push(options.message);
        return Promise.resolve({ response: kept.button, checkboxChecked: false });
      }) as unknown as typeof dialog.showMessageBox;
    }, response);
  }
  const questions = (app: Application) =>
    app.electron.evaluate(() => (globalThis as unknown as { questions: string[] }).questions);

  async function record(app: Application): Promise<Page> {
    const operator = await operatorOf(app);
    await operator.evaluate(() => window.macroscopeTest.startRecording("guarded"));
    await expect.poll(async () => (await windowsOf(operator)).guarded).toBe(true);
    return operator;
  }

  test("closing, quitting and loading again are held back, and asked about once", async ({ app }) => {
    await answerQuestions(app, 0);
    const operator = await record(app);
    await mark(operator);

    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expect.poll(() => questions(app)).toHaveLength(1);
    expect((await questions(app))[0]).toMatch(/^A recording goes on/);
    await app.electron.evaluate(({ app: { quit } }) => quit());
    await expect.poll(() => questions(app)).toHaveLength(2);

    for (const key of ["F5", "Control+R", "Control+Shift+R"]) await operator.keyboard.press(key);
    await app.electron.evaluate(({ BrowserWindow }) => {
      const page = BrowserWindow.getAllWindows()[0]?.webContents;
      page?.sendInputEvent({ type: "keyDown", keyCode: "F5" });
      page?.sendInputEvent({ type: "keyDown", keyCode: "R", modifiers: ["control"] });
    });
    // Behind the keys in the same queue.
    await operator.evaluate(() => undefined);
    expect(await isMarked(operator)).toBe(true);
    expect(await windowsOf(operator)).toMatchObject({ guarded: true, windows: [{ kind: "WINDOW_KIND_OPERATOR" }] });

    await operator.evaluate(() => window.macroscopeTest.stopRecording());
    await expect.poll(async () => (await windowsOf(operator)).guarded ?? false).toBe(false);
  });

  test("a system that goes down asks nobody, and the worker keeps the recording", async ({ app, relaunch }) => {
    test.skip(process.platform === "win32", "there are no signals");
    await record(app);
    const ended = new Promise((resolve) => app.process.once("exit", resolve));
    app.process.kill("SIGTERM");
    expect(await ended).toBe(0);
    const again = await relaunch();
    await enterPage(again.window);
    await expect(again.window.getByRole("status", { name: "State" })).toContainText("Recording");
    await again.window.evaluate(() => window.macroscopeTest.stopRecording());
  });

  test("whoever insists leaves, and the recording goes on without the windows", async ({ app, relaunch }) => {
    await record(app);
    await answerQuestions(app, 1);
    const pid = await app.workerPid();
    const ended = new Promise((resolve) => app.process.once("exit", resolve));
    await app.electron
      .evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
      .catch(() => undefined);
    await ended;
    process.kill(pid, 0);
    const again = await relaunch();
    await expect(again.window.getByRole("status", { name: "State" })).toContainText("Recording");
    await enterPage(again.window);
    await again.window.evaluate(() => window.macroscopeTest.stopRecording());
    await expect(again.window.getByRole("status", { name: "State" })).toHaveText("Live");
  });
});
