// @vitest-environment jsdom
import { expect, it } from "vitest";
import { showElsewhere } from "../../../src/renderer/stimulus/elsewhere";

it("says in a browser where the stimulus is shown, in place of the canvas", () => {
  document.body.innerHTML = '<canvas id="glass"></canvas><p id="sentence" role="status"></p>';
  showElsewhere(document);
  expect(document.querySelector("canvas")).toBeNull();
  expect(document.querySelector("h1")?.textContent).toBe("The stimulus is shown by the application");
  expect(document.querySelector("main")?.textContent).toContain("Open stimulus window");
  expect(document.querySelector("a")?.getAttribute("href")).toBe("../operator/");
  expect(document.body.className).toBe("elsewhere");
});
