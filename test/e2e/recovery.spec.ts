import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "./application";
import { waitForAnyRecord } from "./worker-record";

test("a killed worker is told of at once, and the window is live again without a reload", async ({ app }) => {
  const { window } = app;
  await expect(window.getByRole("status", { name: "State" })).toHaveText("Live");
  await window.evaluate(() => {
    document.documentElement.dataset.kept = "yes";
  });
  const pid = await app.workerPid();
  process.kill(pid, "SIGKILL");
  await expect(window.getByRole("status", { name: "State" })).not.toHaveText("Live", { timeout: 1500 });
  const next = await waitForAnyRecord(path.join(app.userData, "run"), pid);
  expect(next.pid).not.toBe(pid);
  await expect(window.getByRole("status", { name: "State" })).toHaveText("Live");
  await expect(window.getByRole("status", { name: "Camera", exact: true })).toContainText(/live.*[1-9]\d*\.\d Hz/);
  expect(await window.evaluate(() => document.documentElement.dataset.kept)).toBe("yes");
});

test("a camera chosen before comes back after the worker was killed, with its settings", async ({ app }) => {
  const { window } = app;
  await expect(window.getByRole("status", { name: "State" })).toHaveText("Live");
  const exposure = window.getByRole("spinbutton", { name: "Exposure", exact: true });
  await window.getByRole("combobox", { name: "Camera", exact: true }).click();
  await window.getByRole("option", { name: /Basler Emulation.*0815-0001/ }).click();
  await expect(window.getByRole("banner")).toContainText("0815-0001");
  await exposure.fill("7");
  await exposure.press("Enter");
  await expect(exposure).toHaveValue("7");
  // The camera has it, and the worker has written it down.
  const memory = path.join(app.userData, "run/camera.json");
  await expect.poll(() => readFile(memory, "utf8")).toContain('"exposure_us": 7000.0');

  const pid = await app.workerPid();
  process.kill(pid, "SIGKILL");
  await waitForAnyRecord(path.join(app.userData, "run"), pid);
  await expect(window.getByRole("status", { name: "State" })).toHaveText("Live");
  await expect(window.getByRole("banner")).toContainText("0815-0001");
  await expect(exposure).toHaveValue("7");
});

test("a killed host comes back, and the window with it, over the same worker", async ({ app }) => {
  const { window } = app;
  await expect(window.getByRole("status", { name: "State" })).toHaveText("Live");
  const worker = await app.workerPid();
  const hostPid = () =>
    app.electron.evaluate(({ app: { getAppMetrics } }) => {
      return getAppMetrics().find(({ name, serviceName }) => [name, serviceName].includes("Macroscope host"))?.pid ?? 0;
    });
  const host = await hostPid();
  process.kill(host, "SIGKILL");
  await expect(window.getByRole("status", { name: "State" })).not.toHaveText("Live", { timeout: 1500 });
  await expect(window.getByRole("status", { name: "State" })).toHaveText("Live");
  expect(await hostPid()).not.toBe(host);
  expect(await app.workerPid()).toBe(worker);
});

test("a page that was left as it is, because it ended too often, is in nobody's way, and is loaded again by hand while a recording goes on", async ({
  app,
}) => {
  const { electron, window } = app;
  await expect(window.getByRole("status", { name: "State" })).toHaveText("Live");
  await window.getByRole("tab", { name: "Record" }).click();
  await window.getByRole("button", { name: "Record", exact: true }).click();
  await expect(window.getByRole("status", { name: "State" })).toHaveText("Recording");
  // Four times within a minute, and "Leave it" is answered.
  await electron.evaluate(async ({ BrowserWindow, dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
    const page = BrowserWindow.getAllWindows()[0]?.webContents;
    for (let crash = 1; page && crash <= 4; crash += 1) {
      const next = new Promise<void>((resolve) => {
        if (crash < 4) page.once("did-finish-load", () => resolve());
        else page.once("render-process-gone", () => resolve());
      });
      // As a fault ends it: the way of Electron's own leaves more of it.
      process.kill(page.getOSProcessId(), "SIGKILL");
      await next;
    }
  });
  // The host comes back although that page cannot be told of its end.
  const hostPid = () =>
    electron.evaluate(({ app: { getAppMetrics } }) => {
      return getAppMetrics().find(({ name, serviceName }) => [name, serviceName].includes("Macroscope host"))?.pid ?? 0;
    });
  const host = await hostPid();
  process.kill(host, "SIGKILL");
  await expect.poll(async () => [0, host].includes(await hostPid())).toBe(false);
  await electron.evaluate(({ BrowserWindow, Menu }) => {
    BrowserWindow.getFocusedWindow = () => BrowserWindow.getAllWindows()[0] ?? null;
    const view = Menu.getApplicationMenu()?.items.find(({ label }) => label === "&View");
    view?.submenu?.items.find(({ label }) => label === "Load the page again")?.click();
  });
  const shown = () =>
    electron.evaluate(({ BrowserWindow }): Promise<string> => {
      const page = BrowserWindow.getAllWindows()[0]?.webContents;
      if (!page || page.isCrashed()) return Promise.resolve("crashed");
      return page.executeJavaScript(
        "document.querySelector('[role=status][aria-label=State]')?.textContent ?? ''",
      ) as Promise<string>;
    });
  await expect.poll(shown).toBe("Recording");
});

test("a recording that was cut short is told of, with what is left of it", async ({ app }) => {
  const { window } = app;
  await expect(window.getByRole("status", { name: "State" })).toHaveText("Live");
  await window.getByRole("tab", { name: "Record" }).click();
  await window.getByRole("textbox", { name: "Name" }).fill("cut");
  await window.getByRole("button", { name: "Record", exact: true }).click();
  const recording = window.getByRole("region", { name: "Recording" });
  await expect(recording).toContainText(/Durable\s*[1-9]\d/i);
  const pid = await app.workerPid();
  process.kill(pid, "SIGKILL");
  await waitForAnyRecord(path.join(app.userData, "run"), pid);
  await expect(window.getByRole("status", { name: "State" })).toHaveText("Live");
  await expect(recording).toContainText(/The worker ended while it recorded. [1-9]\d+ frames are on the disk/);
  const [folder] = await app.runs();
  await expect(recording).toContainText(folder ?? "");
});

test.describe("a worker that cannot start", () => {
  let folder: string;
  let python: string;
  test.beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "macroscope-broken-"));
    python = path.join(folder, "python");
    await writeFile(python, "#!/bin/sh\necho the interpreter is broken\nexit 3\n", { mode: 0o755 });
  });
  test.afterAll(async () => {
    await rm(folder, { recursive: true });
  });
  test.use({
    // eslint-disable-next-line no-empty-pattern
    environment: async ({}, use) => {
      await use({ MACROSCOPE_WORKER_PYTHON: python });
    },
  });

  test("is given up after three restarts, with the reason and its last words on the screen", async ({ app }) => {
    test.skip(process.platform === "win32", "the broken interpreter is a shell script");
    const { window } = app;
    const start = window.getByRole("button", { name: "Start the worker again" });
    await expect(start).toBeVisible({ timeout: 20_000 });
    await expect(window.locator("body")).toContainText("exit code 3");
    await expect(window.locator("body")).toContainText("the interpreter is broken");
    await start.click();
    await expect(start).toBeHidden();
    await expect(start).toBeVisible({ timeout: 20_000 });
  });
});

test("the application quit by accident during a recording finds it still running", async ({ app, relaunch }) => {
  await expect(app.window.getByRole("status", { name: "State" })).toHaveText("Live");
  await app.window.getByRole("tab", { name: "Record" }).click();
  await app.window.getByRole("textbox", { name: "Name" }).fill("kept");
  await app.window.getByRole("button", { name: "Record", exact: true }).click();
  await expect(app.window.getByRole("status", { name: "State" })).toContainText("Recording");
  const pid = await app.workerPid();

  const again = await relaunch();
  await expect(again.window.getByRole("status", { name: "State" })).toContainText("Recording");
  expect(await again.workerPid()).toBe(pid);
  await again.window.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(again.window.getByRole("status", { name: "State" })).toHaveText("Live");
  const [folder] = await again.runs();
  expect(await again.verify(folder ?? "")).toMatchObject({ good: true, outcome: "complete", drops: {} });
});
