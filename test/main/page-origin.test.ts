import { expect, test } from "vitest";
import { isOurPage, pageUrl } from "../../src/main/page-origin";

test.each([
  ["macroscope://app/operator/index.html", true],
  ["macroscope://app", true],
  ["macroscope://other/operator/index.html", false],
  ["macroscope-x://app/operator/index.html", false],
  ["https://app/operator/index.html", false],
  ["http://localhost:5173/", false],
  ["about:blank", false],
  ["", false],
  ["file:///etc/passwd", false],
  ["data:text/html,macroscope://app", false],
])("%s is ours: %s", (url, expected) => {
  expect(isOurPage(url)).toBe(expected);
});

test("each window's page stands below its name, and is ours", () => {
  expect(pageUrl("preview")).toBe("macroscope://app/preview/index.html");
  expect(isOurPage(pageUrl("preview"))).toBe(true);
});
