import { describe, expect, it } from "vitest";
import { DerivedValuesSchema } from "../../gen/ts/macroscope/configuration/v1/settings_pb";
import { figureGroups, figureText } from "../../src/mirror/derived-figures";
import type { Figure } from "../../src/mirror/derived-figures";

const figures = figureGroups().flatMap((group) => group.figures);
const figure = (name: string): Figure => figures.find((one) => one.name === name)!;

describe("derived figures", () => {
  it("are all that the schema has", () => {
    expect(figures.map(({ name }) => name)).toEqual(DerivedValuesSchema.fields.map(({ name }) => name));
    expect(figureGroups().map(({ heading }) => heading)).toEqual(["Covered", "Sweep", "Run"]);
  });

  it.each([
    ["azimuth_min_deg", -50.64, "−50.6 °"],
    ["pixel_deg", 0.0527, "0.053 °"],
    ["horizontal_sweep_s", 13.46, "13.5 s"],
    ["run_s", 742, "12:22"],
    ["run_s", 90, "90 s"],
    ["run_s", 90.6, "01:31"],
    ["run_s", 3821.4, "1:03:41"],
    ["frames", 22_260, "22,260"],
    ["bytes_needed", 186_717_831_168, "186.72 GB"],
  ])("%s of %d reads %s", (name, value, text) => {
    expect(figureText(figure(name), value)).toBe(text);
  });
});
