import { describe, expect, it } from "vitest";
import { permits } from "../../../scripts/check/licences.mjs";

describe("permits", () => {
  it.each([
    "MIT",
    "MIT*",
    "(MIT OR GPL-3.0-only)",
    "Apache-2.0 AND MIT",
    "(BSD-2-Clause OR (MIT AND Zlib))",
    "Apache Software License; BSD License",
    "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
  ])("takes %s", (expression) => {
    expect(permits(expression)).toBe(true);
  });

  it.each([
    "GPL-3.0-only",
    "AGPL-3.0",
    "LGPL-2.1",
    "MIT AND GPL-3.0-only",
    "(MIT OR Apache-2.0) AND GPL-2.0",
    "GNU General Public License v3 (GPLv3)",
    "MIT License; GNU General Public License (GPL)",
    "UNKNOWN",
    "",
  ])("refuses %s", (expression) => {
    expect(permits(expression)).toBe(false);
  });
});
