import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { WindowKind } from "../../gen/ts/macroscope/window/v1/window_pb";
import { factsOf, titleOf } from "../../src/main/window-kinds";
import { PAGES } from "../../vite.shared";

const KINDS = [WindowKind.OPERATOR, WindowKind.PREVIEW, WindowKind.STIMULUS];

describe("the kinds of windows", () => {
  test("are those that pages are built for", () => {
    expect(KINDS.map((kind) => factsOf(kind)?.name)).toEqual([...PAGES]);
    expect(factsOf(WindowKind.UNSPECIFIED)).toBeUndefined();
  });

  test("are those whose pages the set-up looks for", async () => {
    const setUp = await readFile(path.join(import.meta.dirname, "../../scripts/setup/app-build.mjs"), "utf8");
    expect(setUp).toContain(`const pages = ${JSON.stringify(PAGES).replaceAll(",", ", ")};`);
  });

  test("are never given more than an operator may do", () => {
    for (const kind of KINDS) expect(factsOf(kind)?.role).toBe(Role.OPERATOR);
  });

  test("have titles that name the region", () => {
    const facts = factsOf(WindowKind.PREVIEW);
    if (!facts) throw new Error("no preview");
    expect([titleOf(facts, ""), titleOf(facts, "v1")]).toEqual(["Macroscope preview", "Macroscope preview: v1"]);
  });
});
