import { describe, expect, it } from "vitest";
import { code, firstSentence, inCell, prose, table } from "../../../scripts/schema-reference/markdown.ts";

describe("prose", () => {
  it("joins the lines of a paragraph, and begins one at an empty line and at a code", () => {
    const lines = ["Opens", "it.", "NOT_FOUND: no camera.", "", "Slowly."];
    expect(prose(lines)).toEqual(["Opens it.", "", "NOT_FOUND: no camera.", "", "Slowly.", ""]);
  });

  it("keeps indented lines as a figure", () => {
    expect(prose(["A frame:", "", "  0  magic", "  2  layout"])).toEqual([
      "A frame:",
      "",
      "```text",
      "0  magic",
      "2  layout",
      "```",
      "",
    ]);
  });
});

describe("words of comments", () => {
  it("mean what they say", () => {
    expect(inCell(["a < b * c,", "`d < e`"])).toBe("a \\< b \\* c, `d < e`");
  });

  it("can be cut to their first sentence", () => {
    expect(firstSentence(["Takes 0.5 s at", "most. Then ends."])).toBe("Takes 0.5 s at most.");
  });
});

describe("table", () => {
  it("leaves out columns that no row fills, and keeps its cells apart", () => {
    const lines = table(
      ["name", "unit", "rules"],
      [
        [code("a"), "", code("x|y")],
        [code("b"), "", ""],
      ],
    );
    expect(lines).toEqual(["| name | rules |", "| --- | --- |", "| `a` | `x\\|y` |", "| `b` |  |", ""]);
  });

  it("is nothing without rows", () => {
    expect(table(["name"], [])).toEqual([]);
  });
});
