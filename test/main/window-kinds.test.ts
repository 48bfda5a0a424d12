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

  test("are given no more than they need: a preview only looks", () => {
    expect(KINDS.map((kind) => factsOf(kind)?.role)).toEqual([Role.OPERATOR, Role.VIEWER, Role.OPERATOR]);
  });

  test("stand on their page's own ground, so that nothing flashes when they open", async () => {
    const css = (name: string) =>
      readFile(path.join(import.meta.dirname, "../../src/renderer", name, `${name}.css`), "utf8");
    expect(await css("stimulus")).toContain(`background: ${factsOf(WindowKind.STIMULUS)?.ground ?? ""};`);
  });

  test("have titles that name the region", () => {
    const facts = factsOf(WindowKind.PREVIEW);
    if (!facts) throw new Error("no preview");
    expect([titleOf(facts, ""), titleOf(facts, "v1")]).toEqual(["Macroscope preview", "Macroscope preview: v1"]);
  });
});
