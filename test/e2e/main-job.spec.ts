import type { Locator } from "@playwright/test";
import { type Application, expect, test } from "./application";

const state = (app: Application): Locator => app.window.getByRole("status", { name: "State" });
const item = (app: Application, name: string): Locator => app.window.getByRole("status", { name, exact: true });

async function choose(app: Application, camera: RegExp): Promise<void> {
  await app.window.getByRole("combobox", { name: "Camera", exact: true }).click();
  await app.window.getByRole("option", { name: camera }).click();
}

/** Recording without a run has a tab of its own; the camera's stays as it is. */
const openTab = (app: Application, name: string) => app.window.getByRole("tab", { name }).click();

/** A colour of the picture changes when frames come: what is on the screen is compared, not what a counter says. */
async function expectMovingPicture(app: Application): Promise<void> {
  const picture = app.window.getByRole("group", { name: "Live preview" });
  const first = await picture.screenshot();
  await expect(async () => {
    expect((await picture.screenshot()).equals(first)).toBe(false);
  }).toPass();
}

test("a window opens on a simulated camera that is live", async ({ app }) => {
  await expect(state(app)).toHaveText("Live");
  await expect(app.window.getByRole("banner")).toContainText("Simulated cortex");
  await expect(item(app, "Camera")).toContainText(/live.*[1-9]\d*\.\d Hz, 0 dropped/);
  await expect(item(app, "Preview")).toContainText(/[1-9]\d*\.\d Hz/);
  await expectMovingPicture(app);
});

test("choose the emulated Basler camera, change it, record, stop, and find it all on the disk", async ({ app }) => {
  await expect(state(app)).toHaveText("Live");
  await choose(app, /Basler Emulation.*0815-0000/);
  await expect(app.window.getByRole("banner")).toContainText("Basler");
  await expect(item(app, "Camera")).toContainText(/live.*[1-9]\d*\.\d Hz/);

  const exposure = app.window.getByRole("spinbutton", { name: "Exposure", exact: true });
  await exposure.fill("5");
  await exposure.press("Enter");
  await expect(exposure).toHaveValue("5");

  await openTab(app, "Record");
  await app.window.getByRole("textbox", { name: "Name" }).fill("basler");
  await app.window.getByRole("button", { name: "Record", exact: true }).click();
  await expect(state(app)).toContainText("Recording");
  const recording = app.window.getByRole("region", { name: "Recording" });
  await expect(recording).toContainText(/Durable\s*[1-9]\d+/i);
  await app.window.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(state(app)).toHaveText("Live");

  const [folder, ...others] = await app.runs();
  expect(others).toEqual([]);
  expect(folder).toContain("basler");
  const verification = await app.verify(folder ?? "");
  expect(verification).toMatchObject({ good: true, outcome: "complete", drops: {} });
  const summary = await app.summary(folder ?? "");
  expect(JSON.stringify(summary)).toContain("0815-0000");
  // What the window says is what the disk holds.
  await expect(recording).toContainText(new RegExp(`Durable\\s*${String(verification.good_frames)}(?!\\d)`));
  await expect(recording).toContainText(folder ?? "");
});

test("a value outside the camera's range stays as typed, with the reason beside it", async ({ app }) => {
  await expect(state(app)).toHaveText("Live");
  const exposure = app.window.getByRole("spinbutton", { name: "Exposure", exact: true });
  await exposure.fill("5000");
  await exposure.press("Enter");
  await expect(exposure).toHaveValue("5000");
  await expect(exposure).toHaveAttribute("aria-invalid", "true");
  await expect(app.window.getByRole("region", { name: "Camera settings" })).toContainText(/0\.01.*1000/);
  await exposure.press("Escape");
  await expect(exposure).toHaveValue("20");
});

test("a recording of planned length stops by itself", async ({ app }) => {
  await expect(state(app)).toHaveText("Live");
  await openTab(app, "Record");
  await app.window.getByRole("textbox", { name: "Name" }).fill("planned");
  await app.window.getByRole("spinbutton", { name: "Frames" }).fill("45");
  await app.window.getByRole("spinbutton", { name: "Frames" }).blur();
  await app.window.keyboard.press("r");
  await expect(state(app)).toContainText("Recording");
  await expect(state(app)).toHaveText("Live");
  const [folder] = await app.runs();
  expect(await app.verify(folder ?? "")).toMatchObject({ good: true, good_frames: 45 });
});
