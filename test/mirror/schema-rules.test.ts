import { describe, expect, it } from "vitest";
import { StartRecordingRequestSchema } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { CameraSettingsSchema, RegionOfInterestSchema } from "../../gen/ts/macroscope/camera/v1/settings_pb";
import { schemaRules } from "../../src/mirror/schema-rules";

describe("schemaRules", () => {
  it("reads bounds of numbers", () => {
    expect(schemaRules(CameraSettingsSchema.field.exposureUs)).toMatchObject({ minimum: 0, maximum: 3.6e9 });
    expect(schemaRules(CameraSettingsSchema.field.gain)).toMatchObject({ minimum: undefined, maximum: undefined });
    expect(schemaRules(RegionOfInterestSchema.field.widthPx)).toMatchObject({ minimum: 1, maximum: 65535 });
  });

  it("knows that a count is not below 0, which its type says", () => {
    expect(schemaRules(StartRecordingRequestSchema.field.plannedFrames)).toMatchObject({
      minimum: 0,
      maximum: 100_000_000,
    });
  });

  it("reads the values that an enum may not have", () => {
    expect(schemaRules(CameraSettingsSchema.field.pixelFormat).excluded).toEqual([0]);
  });

  it("reads patterns and lengths of text", () => {
    expect(schemaRules(StartRecordingRequestSchema.field.name).pattern).toMatch(/^\^/);
    expect(schemaRules(StartRecordingRequestSchema.field.directory).maxLength).toBe(1000);
  });

  it("has nothing to say of a field without rules", () => {
    expect(schemaRules(CameraSettingsSchema.field.regionOfInterest)).toEqual({
      minimum: undefined,
      maximum: undefined,
      excluded: [],
      pattern: undefined,
      maxLength: undefined,
    });
  });
});
