/** The main job in a browser, over the WebSocket. */
import { type Page } from "@playwright/test";
import { enter, expect, needsChromium, showToken, test } from "./browser-application";
import { runsIn, summaryOf, verifyRun } from "./recorded-run";

needsChromium();

const state = (page: Page) => page.getByRole("status", { name: "State" });
const item = (page: Page, name: string) => page.getByRole("status", { name, exact: true });

test("choose the emulated Basler camera, change it, record, stop, and find it all on the disk", async ({
  page,
  program,
}) => {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await enter(page, program);
  await expect(item(page, "Preview")).toContainText(/[1-9]\d*\.\d Hz/);

  await page.getByRole("combobox", { name: "Camera", exact: true }).click();
  await page.getByRole("option", { name: /Basler Emulation.*0815-0000/ }).click();
  await expect(page.getByRole("banner")).toContainText("Basler");
  await expect(item(page, "Camera")).toContainText(/live.*[1-9]\d*\.\d Hz/);
  const exposure = page.getByRole("spinbutton", { name: "Exposure", exact: true });
  await exposure.fill("5");
  await exposure.press("Enter");
  await expect(exposure).toHaveValue("5");

  await page.getByRole("tab", { name: "Record" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("browser");
  await page.getByRole("button", { name: "Record", exact: true }).click();
  await expect(state(page)).toContainText("Recording");
  const recording = page.getByRole("region", { name: "Recording" });
  await expect(recording).toContainText(/Durable\s*[1-9]\d+/i);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(state(page)).toHaveText("Live");

  const [folder = "", ...others] = await runsIn(program.recordings);
  expect(others).toEqual([]);
  const verification = await verifyRun(folder);
  expect(verification).toMatchObject({ good: true, outcome: "complete", drops: {} });
  expect(JSON.stringify(await summaryOf(folder))).toContain("0815-0000");
  // What the window says is what the disk holds.
  await expect(recording).toContainText(new RegExp(`Durable\\s*${String(verification.good_frames)}(?!\\d)`));
  expect(problems, "the page's policy lets it do its work, and nothing else goes wrong").toEqual([]);
});

test("a token that is not the worker's is refused, and the screen says what to do", async ({ page, program }) => {
  await page.goto(program.origin);
  const token = page.getByRole("textbox", { name: "Token" });
  await expect(token).toBeFocused();
  await expect(token).toHaveAttribute("type", "password");
  await expect(page.getByRole("main")).toContainText("run/websocket.json");
  await page.keyboard.type("too short");
  await page.keyboard.press("Enter");
  await expect(page.getByText("This is no token.")).toBeVisible();
  await showToken(page, "f".repeat(64));
  await expect(page.getByRole("alert")).toContainText("The worker does not take this token.");
  await expect(token).toBeFocused();
  await expect(token).toHaveValue("");
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  // The right one is all that is needed.
  await showToken(page, (await program.door()).operator_token);
  await expect(state(page)).toHaveText("Live");
});

test("an address of another computer is not dialled", async ({ page, program }) => {
  await page.goto(program.origin);
  await page.getByRole("textbox", { name: "Worker" }).fill("ws://203.0.113.7:4000/macroscope/v1");
  await showToken(page, (await program.door()).operator_token);
  await expect(page.getByText("The worker has to be on this computer")).toBeVisible();
});

test("an address where nobody is, or that the page may not dial, is told of, and may be given up", async ({
  page,
  program,
}) => {
  await page.goto(program.origin);
  const worker = page.getByRole("textbox", { name: "Worker" });
  const right = await worker.inputValue();
  await worker.fill("127.0.0.1:1");
  await showToken(page, "f".repeat(64));
  await expect(page.getByText("No worker listens there")).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await worker.fill(right);
  await showToken(page, (await program.door()).operator_token);
  await expect(state(page)).toHaveText("Live");
});

test("the tab keeps the token over a reload, and no other tab has it", async ({ page, context, program }) => {
  await enter(page, program);
  await page.reload();
  await expect(state(page)).toHaveText("Live");
  const other = await context.newPage();
  await other.goto(program.origin);
  await expect(other.getByRole("textbox", { name: "Token" })).toBeVisible();
  expect(page.url()).not.toContain((await program.door()).operator_token);
  expect(await program.log()).not.toContain((await program.door()).operator_token);
});

test("the other windows' pages let nobody stand before an empty page", async ({ page, program }) => {
  await page.goto(`${program.origin}/preview/`);
  await showToken(page, (await program.door()).viewer_token);
  await expect(page.getByRole("group", { name: "Live preview" })).toBeVisible();
  await expect(page.getByText(/[1-9]\d*\.\d Hz/)).toBeVisible();
  await page.goto(`${program.origin}/stimulus/`);
  await expect(page.getByRole("heading", { name: "The stimulus is shown by the application" })).toBeVisible();
  await page.getByRole("link", { name: "The operator's page" }).click();
  await expect(page.getByRole("heading", { name: "Macroscope" })).toBeVisible();
});

test("a viewer sees everything and can change nothing", async ({ page, program }) => {
  const runs = () => runsIn(program.recordings).catch(() => []);
  const before = await runs();
  await enter(page, program, "viewer");
  await expect(page.getByRole("banner")).toContainText("Viewer");
  await expect(item(page, "Preview")).toContainText(/[1-9]\d*\.\d Hz/);
  const exposure = page.getByRole("spinbutton", { name: "Exposure", exact: true });
  await expect(exposure).toBeDisabled();
  await expect(page.getByRole("combobox", { name: "Camera", exact: true })).toBeDisabled();
  await page.getByRole("tab", { name: "Record" }).click();
  const record = page.getByRole("button", { name: "Record", exact: true });
  await expect(record).toBeDisabled();
  await expect(record).toHaveAttribute("title", /viewer/);
  await page.keyboard.press("r");
  await expect(state(page)).toHaveText("Live");
  expect(await runs()).toEqual(before);
});

test("a worker that stands still is told of, and the page goes on when it goes on", async ({ page, program }) => {
  await enter(page, program);
  const pid = await program.workerPid();
  process.kill(pid, "SIGSTOP");
  try {
    await expect(state(page)).toHaveText("No answer");
    await expect(state(page)).toHaveText("Worker lost");
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await expect(state(page)).toHaveText("Live");
  await expect(item(page, "Preview")).toContainText(/live\s*[1-9]\d*\.\d Hz/);
});

test("a worker that was started again asks for its new token, and is live with it", async ({ page, program }) => {
  await enter(page, program);
  const before = await program.door();
  process.kill(await program.workerPid(), "SIGKILL");
  await expect(state(page)).not.toHaveText("Live", { timeout: 1500 });
  await expect(page.getByRole("alert")).toContainText("It was started again and has new ones.");
  const after = await program.door();
  expect(after.address).toBe(before.address);
  expect(after.operator_token).not.toBe(before.operator_token);
  await showToken(page, after.operator_token);
  await expect(state(page)).toHaveText("Live");
});
