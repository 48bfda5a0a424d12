import { describe, expect, it } from "vitest";
import { AcquisitionSettingsSchema, SweepOrder } from "../../gen/ts/macroscope/configuration/v1/acquisition_pb";
import { ConfigurationSchema } from "../../gen/ts/macroscope/configuration/v1/settings_pb";
import { SessionSettingsSchema } from "../../gen/ts/macroscope/configuration/v1/session_pb";
import { Direction, StimulusSettingsSchema } from "../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { emptyMeaning, schemaDefault } from "../../src/mirror/parameter-default";

const fieldOf = (desc: typeof StimulusSettingsSchema | typeof AcquisitionSettingsSchema, name: string) => {
  const field = desc.fields.find((one) => one.name === name);
  if (!field) throw new Error(name);
  return field;
};

describe("defaults of the schema", () => {
  it("are values of their fields: numbers, enums by number, lists in their order, texts", () => {
    expect(schemaDefault(fieldOf(StimulusSettingsSchema, "bar_width_deg"))).toBe(20);
    expect(schemaDefault(fieldOf(AcquisitionSettingsSchema, "order"))).toBe(SweepOrder.BLOCKED);
    expect(schemaDefault(fieldOf(AcquisitionSettingsSchema, "directions"))).toEqual([
      Direction.LEFT_TO_RIGHT,
      Direction.RIGHT_TO_LEFT,
      Direction.TOP_TO_BOTTOM,
      Direction.BOTTOM_TO_TOP,
    ]);
    expect(schemaDefault(SessionSettingsSchema.field.notes)).toBe("");
    expect(schemaDefault(fieldOf(StimulusSettingsSchema, "azimuth_from_deg"))).toBeUndefined();
  });

  it("can be read, all of them", () => {
    for (const group of ConfigurationSchema.fields) {
      if (group.fieldKind !== "message") continue;
      for (const field of group.message.fields) expect(() => schemaDefault(field), field.toString()).not.toThrow();
    }
  });
});

describe("what empty means", () => {
  it("is read from the help, where the field may be empty", () => {
    expect(emptyMeaning(fieldOf(StimulusSettingsSchema, "azimuth_from_deg"))).toBe("off the screen");
    expect(emptyMeaning(SessionSettingsSchema.field.directory)).toBe("the usual folder");
  });

  it("is nothing set, where the schema does not say", () => {
    expect(emptyMeaning(SessionSettingsSchema.field.animalAgeDays)).toBe("not set");
  });

  it("is nothing at all where there has to be a value", () => {
    expect(emptyMeaning(fieldOf(StimulusSettingsSchema, "bar_width_deg"))).toBeUndefined();
  });
});
