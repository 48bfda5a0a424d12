import { describe, expect, it } from "vitest";
import { rulesInWords, wholeInWords } from "../../../scripts/schema-reference/rule-words.ts";

const names = new Map([
  [0, "LANE_UNSPECIFIED"],
  [1, "LANE_STOP"],
]);

describe("rulesInWords", () => {
  it.each([
    [{ double: { gt: 0, lte: 3_600_000_000, finite: true } }, ["more than 0, at most 3 600 000 000", "finite"]],
    [{ uint32: { gte: 1, lte: 64 } }, ["1 to 64"]],
    [{ int64: { gte: "-20000", lt: "0" } }, ["at least -20 000, less than 0"]],
    [{ string: { min_len: 1, max_len: 300 } }, ["1 to 300 characters"]],
    [{ string: { pattern: "^[a|b]$" } }, ["matches `^[a|b]$`"]],
    [{ string: { len: 64 } }, ["exactly 64 characters"]],
    [{ string: { uuid: true } }, ["uuid"]],
    [{ bytes: { max_len: 65536 } }, ["at most 65 536 bytes"]],
    [
      { repeated: { max_items: 16, items: { string: { max_len: 5 } } } },
      ["at most 16 items", "each: at most 5 characters"],
    ],
    [{ map: { max_pairs: 64 } }, ["at most 64 entries"]],
    [{ enum: { defined_only: true, not_in: [0] } }, ["not `LANE_UNSPECIFIED`", "a value of the enum"]],
    [{ enum: { const: 1 } }, ["is `LANE_STOP`"]],
    [{ required: true }, ["required"]],
    [{ cel: [{ id: "even", message: "must be even", expression: "this % 2 == 0" }] }, ["must be even"]],
    [{ cel: [{ id: "even", expression: "this % 2 == 0" }] }, ["`this % 2 == 0`"]],
  ])("puts %j into words", (rules, expected) => {
    expect(rulesInWords(rules, names)).toEqual(expected);
  });

  it("tells a rule that it has no words for as it is written", () => {
    expect(rulesInWords({ string: { prefix: "run-" }, ignore: "IGNORE_IF_ZERO_VALUE" })).toEqual([
      "`prefix: run-`",
      "`ignore: IGNORE_IF_ZERO_VALUE`",
    ]);
  });

  it("has nothing to say where there are no rules", () => {
    expect(rulesInWords(undefined)).toEqual([]);
  });
});

describe("wholeInWords", () => {
  it("tells the rules of a message", () => {
    expect(wholeInWords({ cel: [{ message: "an end is not before its start" }] })).toEqual([
      "an end is not before its start",
    ]);
  });
});
