import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { FixedDuringRunSchema, StaleRevisionSchema } from "../../gen/ts/macroscope/configuration/v1/errors_pb";
import { InvalidFieldsSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { toCommandError } from "../../src/mirror/command-error";
import { configurationControls } from "../../src/mirror/configuration-form";
import { configurationReasons, ruleSentence, staleRevision } from "../../src/mirror/configuration-refusal";
import { draftProblem } from "../../src/mirror/parameter-draft";
import { brokenRules } from "../renderer/support/configuration-rules";

const controls = configurationControls({});
const bar = controls.get("stimulus.bar_width_deg")!;

describe("a rule that is broken", () => {
  it("reads the same whoever finds it broken", () => {
    const [rule] = brokenRules({ "stimulus.bar_width_deg": 400 });
    expect(ruleSentence(bar, rule?.message ?? "", rule?.ruleId)).toBe(draftProblem(bar, "400"));
  });

  it("goes on where the label ends, when it is about more than a range", () => {
    const rules = brokenRules({ "stimulus.contrast": 0.8, "stimulus.background": 0.5 });
    expect(rules.map(({ path }) => path)).toContain("stimulus.background");
    const background = controls.get("stimulus.background")!;
    expect(
      ruleSentence(background, "must not be below the contrast: darker than black", "background.not_below_contrast"),
    ).toBe("Background must not be below the contrast: darker than black.");
  });

  it("says sentences of others as they are", () => {
    expect(ruleSentence(bar, "The shutter is stuck.")).toBe("The shutter is stuck.");
  });
});

describe("the reasons of a refused command", () => {
  it("stand at paths of the configuration, in the words of the control", () => {
    const error = toCommandError(
      new ConnectError("No.", Code.InvalidArgument, undefined, [
        {
          desc: InvalidFieldsSchema,
          value: create(InvalidFieldsSchema, {
            violations: [
              { field: "configuration.stimulus.bar_width_deg", rule: "double.gte_lte", message: "must be …" },
              { field: "stimulus.background", rule: "background.not_below_contrast", message: "must not be so" },
            ],
          }),
        },
      ]),
    );
    expect(configurationReasons(error, controls)).toEqual({
      "stimulus.bar_width_deg": "Bar width can be 0.1 to 180 °.",
      "stimulus.background": "Background must not be so.",
    });
    expect(configurationReasons(null, controls)).toEqual({});
  });

  it("name what a run holds fixed", () => {
    const error = toCommandError(
      new ConnectError("A run goes on.", Code.FailedPrecondition, undefined, [
        { desc: FixedDuringRunSchema, value: { paths: ["stimulus.gamma"], runId: "run" } },
      ]),
    );
    expect(configurationReasons(error, controls)["stimulus.gamma"]).toContain("until it has ended");
  });

  it("tell who was first", () => {
    const error = toCommandError(
      new ConnectError("No.", Code.Aborted, undefined, [
        {
          desc: StaleRevisionSchema,
          value: { baseRevision: 1n, revision: 2n, changedPaths: ["a"], changedBy: "Anna" },
        },
      ]),
    );
    expect(staleRevision(error)).toEqual({ baseRevision: 1, revision: 2, changedPaths: ["a"], changedBy: "Anna" });
    expect(staleRevision(null)).toBeUndefined();
  });
});
