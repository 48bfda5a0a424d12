import { describe, expect, it } from "vitest";
import { ConfigurationSchema } from "../../gen/ts/macroscope/configuration/v1/settings_pb";
import { configurationControls, configurationForm } from "../../src/mirror/configuration-form";
import { allControls } from "../../src/mirror/parameter-form";

describe("configurationForm", () => {
  it("has every group that the schema labels, in its order", () => {
    expect(configurationForm({}).map(({ name, label }) => [name, label])).toEqual([
      ["session", "Session"],
      ["display", "Geometry"],
      ["stimulus", "Stimulus"],
      ["camera", "Camera"],
      ["acquisition", "Acquisition"],
    ]);
  });

  it("has a control for every field that the schema describes, with its path and value", () => {
    const controls = configurationControls({ "stimulus.gamma": 1.8 });
    expect(controls.get("stimulus.gamma")).toMatchObject({ value: 1.8, defaultValue: 2.2, label: "Gamma" });
    for (const group of ConfigurationSchema.fields) {
      if (group.fieldKind !== "message" || group.name === "camera") continue;
      for (const field of group.message.fields) expect([...controls.keys()]).toContain(`${group.name}.${field.name}`);
    }
  });

  it("leaves the camera's own settings to the camera, and has what else stands there", () => {
    const camera = configurationForm({}).find(({ name }) => name === "camera");
    expect(allControls(camera?.groups ?? []).map(({ path }) => path)).toEqual(["camera.um_per_px"]);
  });

  it("knows what may change in a run, what is found out, and what has several lines", () => {
    const controls = configurationControls({});
    expect(controls.get("session.notes")).toMatchObject({ changeableInRun: true, multiline: true, kind: "text" });
    expect(controls.get("display.width_px")).toMatchObject({ changeableInRun: false, detected: true });
    expect(controls.get("acquisition.directions")).toMatchObject({ kind: "choices", minItems: 1, maxItems: 4 });
    expect(controls.get("acquisition.directions")?.choices.map(({ label }) => label)).toEqual([
      "Left to right",
      "Right to left",
      "Top to bottom",
      "Bottom to top",
    ]);
  });
});
