import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StartRecordingRequestSchema } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { CameraSettingsSchema, PixelFormat } from "../../gen/ts/macroscope/camera/v1/settings_pb";
import { buildMessage, readValues } from "../../src/mirror/parameter-values";

const optional = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });

const anyValues = fc
  .record({
    exposure_us: optional(fc.double({ min: 0.01, max: 3.6e9, noNaN: true })),
    gain: optional(fc.double({ min: -1e6, max: 1e6, noNaN: true })),
    binning: optional(fc.integer({ min: 1, max: 64 })),
    "region_of_interest.x_px": optional(fc.integer({ min: 0, max: 65535 })),
    "region_of_interest.width_px": optional(fc.integer({ min: 1, max: 65535 })),
    pixel_format: optional(fc.constantFrom(PixelFormat.MONO8, PixelFormat.MONO16)),
  })
  .map((values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)));

describe("parameter values", () => {
  it("come back from a message as they went in, and nothing else is set", () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const asked = values as Record<string, number>;
        expect(readValues(CameraSettingsSchema, buildMessage(CameraSettingsSchema, asked))).toEqual(asked);
      }),
    );
  });

  it("keep a value of zero, which is not the same as absent", () => {
    const message = buildMessage(CameraSettingsSchema, { "region_of_interest.x_px": 0 });
    expect(readValues(CameraSettingsSchema, message)).toEqual({ "region_of_interest.x_px": 0 });
  });

  it("fill text and 64-bit fields", () => {
    const message = buildMessage(StartRecordingRequestSchema, { name: "run", planned_frames: 300 });
    expect(message).toMatchObject({ name: "run", plannedFrames: 300n });
  });

  it("refuse paths that the schema does not have", () => {
    expect(() => buildMessage(CameraSettingsSchema, { colour: 1 })).toThrow("colour");
    expect(() => buildMessage(CameraSettingsSchema, { region_of_interest: 1 })).toThrow("not a single value");
    expect(() => buildMessage(CameraSettingsSchema, { "gain.x": 1 })).toThrow("no fields of its own");
  });
});
