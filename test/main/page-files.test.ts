import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contentSecurityPolicy, mimeType, resolveFile } from "../../src/main/page-files";

const root = path.resolve("/srv/pages");

describe("resolveFile", () => {
  test("finds a page's files below the root", () => {
    expect(resolveFile(root, "macroscope://app/operator/index.html")).toBe(path.join(root, "operator/index.html"));
    expect(resolveFile(root, "macroscope://app/operator/assets/a%20b.js?x=1#y")).toBe(
      path.join(root, "operator/assets/a b.js"),
    );
  });

  test.each([
    "macroscope://elsewhere/operator/index.html",
    "macroscope://app/",
    "macroscope://app/..%2f..%2fetc/passwd.html",
    "macroscope://app/%2e%2e/%2e%2e/%2e%2e/secret.html/..%2f..%2f..%2f..%2fx.html",
    "macroscope://app/operator/index.html%00.js",
    "macroscope://app/operator\\..\\..\\x.html",
    "macroscope://app/operator/%ff.html",
    "macroscope://app/operator/settings.ini",
    "file:///etc/passwd.html",
  ])("refuses %s", (url) => {
    expect(resolveFile(root, url)).toBeUndefined();
  });

  test("never leaves the root, whatever the path", () => {
    const part = fc.oneof(
      fc.constantFrom("..", ".", "%2e%2e", "..%2f", "%5c..", "a", "b.html", "", "%00"),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const url = `macroscope://app/${parts.join("/")}`;
        if (!URL.canParse(url)) return;
        const file = resolveFile(root, url);
        if (file !== undefined) expect(path.relative(root, file).split(path.sep)).not.toContain("..");
      }),
    );
  });
});

test("the policy allows our own code and styles with the nonce, and nothing by default", () => {
  const policy = contentSecurityPolicy("abc");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("style-src 'self' 'nonce-abc'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
});

test("files are served with their type", () => {
  expect(mimeType("x/y.js")).toBe("text/javascript; charset=utf-8");
  expect(mimeType("x/y.unknown")).toBe("application/octet-stream");
});
