// An operator at the copy's page, as far as the proof goes: reads and uses one control.
import { chromium } from "@playwright/test";

const WAIT_MS = 20_000;

export class OperatorPage {
  #browser;
  #page;

  /**
   * @param {import("@playwright/test").Browser} browser
   * @param {import("@playwright/test").Page} page
   */
  constructor(browser, page) {
    this.#browser = browser;
    this.#page = page;
  }

  /**
   * Enters with the operator's token.
   * @param {string} executable
   * @param {string} origin
   * @param {string} token
   */
  static async enter(executable, origin, token) {
    const browser = await chromium.launch({ executablePath: executable });
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(origin);
    await page.getByRole("textbox", { name: "Token" }).fill(token);
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByRole("tab", { name: "Stimulus" }).click();
    return new OperatorPage(browser, page);
  }

  /**
   * What a field says of itself.
   * @param {string} label
   */
  async describe(label) {
    const field = this.#field(label);
    await field.waitFor();
    const control = this.#control(label);
    return {
      role: (await field.getAttribute("role")) ?? "",
      value: await field.inputValue(),
      text: (await field.getAttribute("aria-valuetext")) ?? "",
      minimum: (await field.getAttribute("aria-valuemin")) ?? "",
      maximum: (await field.getAttribute("aria-valuemax")) ?? "",
      slider: (await control.getByRole("slider").count()) === 1,
      heading: (await this.#page.getByRole("group").filter({ has: field }).last().getAttribute("aria-label")) ?? "",
      help: (await control.locator("label").getAttribute("title")) ?? "",
    };
  }

  /**
   * Types into a field, and presses Enter.
   * @param {string} label
   * @param {string} text
   */
  async enterValue(label, text) {
    const field = this.#field(label);
    await field.fill(text);
    await field.press("Enter");
  }

  /**
   * Types into a field, and waits for what is said against it.
   * @param {string} label
   * @param {string} text
   */
  async typeValue(label, text) {
    await this.#field(label).fill(text);
  }

  /**
   * Waits until these words stand beside the field.
   * @param {string} label
   * @param {string} words
   */
  async waitForProblem(label, words) {
    await this.#control(label).getByText(words).waitFor();
    return await this.#field(label).inputValue();
  }

  /**
   * Waits until a field shows a value that is the worker's: nothing is changed and nothing wrong.
   * @param {string} label
   * @param {string} value
   */
  async waitForValue(label, value) {
    const selector = `[data-path]:not([data-changed]):not([data-problem]) [aria-valuetext^="${value} "]`;
    await this.#page.locator(selector).and(this.#field(label)).waitFor();
  }

  /** @param {string} label */
  async reset(label) {
    await this.#page.getByRole("button", { name: new RegExp(`^Reset ${label} `) }).click();
  }

  /** @param {string} name */
  async savePreset(name) {
    await this.#presets();
    await this.#page.getByLabel("Save as").fill(name);
    await this.#page.getByRole("button", { name: "Save", exact: true }).click();
    await this.#page.getByRole("button", { name: `Load ${name}` }).waitFor();
    await this.#page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();
  }

  /** @param {string} name */
  async loadPreset(name) {
    await this.#presets();
    await this.#page.getByRole("button", { name: `Load ${name}` }).click();
    await this.#page.getByRole("dialog", { name: "Presets" }).waitFor({ state: "hidden" });
  }

  /** @param {string} file */
  async picture(file) {
    await this.#page.screenshot({ path: file });
  }

  async close() {
    await this.#browser.close();
  }

  async #presets() {
    await this.#page.getByRole("button", { name: /^Presets: / }).click();
  }

  /** @param {string} label */
  #field(label) {
    return this.#page.getByRole("spinbutton", { name: label, exact: true });
  }

  /** @param {string} label */
  #control(label) {
    return this.#page.locator("[data-path]").filter({ has: this.#field(label) });
  }
}
