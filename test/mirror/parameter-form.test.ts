import { create, createFileRegistry, fromBinary, setExtension, toBinary } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_descriptor,
} from "@bufbuild/protobuf/wkt";
import {
  field as fieldRules,
  FieldRulesSchema,
  file_buf_validate_validate,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { describe, expect, it } from "vitest";
import { CameraSettingsSchema, PixelFormat } from "../../gen/ts/macroscope/camera/v1/settings_pb";
import { StartRecordingRequestSchema } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import {
  file_macroscope_rpc_v1_options,
  parameter,
  ParameterSchema,
  Slider,
} from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { allControls, enumLabel, isSection, parameterForm } from "../../src/mirror/parameter-form";
import type { Control, PlainLimits } from "../../src/mirror/parameter-form";
import { CameraSettingsSchema as Settings, PixelFormatSchema } from "../../gen/ts/macroscope/camera/v1/settings_pb";
import { toPlain } from "../../src/mirror/from-proto";
import { BASLER, CORTEX, liveState } from "../renderer/support/fake-cameras";
import { readValues } from "../../src/mirror/parameter-values";

/** CameraSettings as they would be with one field more, made at run time: no generated code knows it. */
function settingsWithNewField(): DescMessage {
  const options = create(FieldOptionsSchema);
  setExtension(
    options,
    parameter,
    create(ParameterSchema, {
      label: "Cooling",
      unit: "°C",
      group: "Sensor",
      help: "Temperature that the sensor is held at.",
      decimals: 1,
      slider: Slider.LINEAR,
    }),
  );
  setExtension(
    options,
    fieldRules,
    create(FieldRulesSchema, {
      type: {
        case: "double",
        value: {
          $typeName: "buf.validate.DoubleRules",
          greaterThan: { case: "gte", value: -40 },
          lessThan: { case: "lte", value: 30 },
          in: [],
          notIn: [],
          finite: false,
          example: [],
          const: 0,
        },
      },
    }),
  );
  const settings = Settings.file.proto;
  const file = fromBinary(FileDescriptorProtoSchema, toBinary(FileDescriptorProtoSchema, settings));
  file.messageType[0]?.field.push({
    $typeName: "google.protobuf.FieldDescriptorProto",
    name: "cooling_c",
    number: 90,
    label: FieldDescriptorProto_Label.OPTIONAL,
    type: FieldDescriptorProto_Type.DOUBLE,
    typeName: "",
    extendee: "",
    defaultValue: "",
    oneofIndex: 0,
    jsonName: "coolingC",
    proto3Optional: false,
    options,
  });
  const set = create(FileDescriptorSetSchema, {
    file: [
      file_google_protobuf_descriptor.proto,
      ...file_google_protobuf_descriptor.dependencies.map((one) => one.proto),
      ...file_buf_validate_validate.dependencies.map((one) => one.proto),
      file_buf_validate_validate.proto,
      file_macroscope_rpc_v1_options.proto,
      file,
    ].filter((one, index, all) => all.findIndex((other) => other.name === one.name) === index),
  });
  const desc = createFileRegistry(set).getMessage(CameraSettingsSchema.typeName);
  if (!desc) throw new Error("The registry has no settings.");
  return desc;
}

const limit = (init: Partial<PlainLimits> & { parameter: string }): PlainLimits => ({
  choices: [],
  readOnly: false,
  reason: "",
  unit: "",
  fixedWhileRecording: false,
  ...init,
});

const named = (controls: readonly Control[], path: string) => controls.find((one) => one.path === path)!;

describe("parameterForm", () => {
  it("groups the camera's controls as the schema says", () => {
    const groups = parameterForm(CameraSettingsSchema, { values: {}, limits: [] });
    expect(groups.map(({ heading }) => heading)).toEqual(["Light", "Timing", "Sensor"]);
    const sensor = groups[2]?.items.map((item) => item.label);
    expect(sensor).toEqual(["Binning", "Region of interest", "Pixel format"]);
    const section = groups[2]?.items.find(isSection);
    expect(section?.controls.map(({ label }) => label)).toEqual(["Left", "Top", "Width", "Height"]);
    expect(section?.controls[0]?.path).toBe("region_of_interest.x_px");
  });

  it("draws a new field of the schema, which no TypeScript names, with its label, unit, limits and slider", () => {
    const desc = settingsWithNewField();
    const limits = [limit({ parameter: "cooling_c", range: { minimum: -20, maximum: 5, increment: 0.5 } })];
    const controls = allControls(parameterForm(desc, { values: { cooling_c: -10 }, limits }));
    expect(named(controls, "cooling_c")).toMatchObject({
      label: "Cooling",
      unit: "°C",
      help: "Temperature that the sensor is held at.",
      kind: "number",
      decimals: 1,
      slider: "linear",
      minimum: -20,
      maximum: 5,
      increment: 0.5,
      offered: true,
      value: -10,
    });
    // Without word of a camera the schema's own rules hold.
    const bare = allControls(parameterForm(desc, { values: {} }));
    expect(named(bare, "cooling_c")).toMatchObject({ minimum: -40, maximum: 30, offered: true });
    const absent = allControls(parameterForm(desc, { values: {}, limits: [] }));
    expect(named(absent, "cooling_c").offered).toBe(false);
  });

  it("takes the camera's limits before the schema's, and its unit before the schema's", () => {
    const state = liveState(CORTEX);
    const facts = {
      values: readValues(CameraSettingsSchema, state.settings!),
      limits: state.limits.map((one) => toPlain(one)),
    };
    const controls = allControls(parameterForm(CameraSettingsSchema, facts));
    expect(named(controls, "exposure_us")).toMatchObject({
      minimum: 20,
      maximum: 1_000_000,
      unit: "ms",
      factor: 0.001,
    });
    expect(named(controls, "gain")).toMatchObject({ unit: "dB", factor: 1 });
    expect(named(controls, "binning")).toMatchObject({ kind: "choice", integer: true });
    expect(named(controls, "binning").choices.map(({ value }) => value)).toEqual([1, 2, 4]);
    expect(named(controls, "pixel_format").choices.map(({ label }) => label)).toEqual(["Mono8", "Mono12", "Mono16"]);
  });

  it("says which parameters the camera does not have, cannot change, or holds while recording", () => {
    const state = liveState(BASLER);
    const limits = state.limits.map((one) => toPlain(one));
    const readOnly = limit({ parameter: "gain", readOnly: true, reason: "Auto gain is on." });
    const facts = { values: readValues(CameraSettingsSchema, state.settings!), limits: [...limits, readOnly] };
    const controls = allControls(parameterForm(CameraSettingsSchema, facts));
    expect(named(controls, "binning").offered).toBe(false);
    expect(named(controls, "gain")).toMatchObject({ readOnly: true, reason: "Auto gain is on." });
    expect(named(controls, "pixel_format").fixedWhileRecording).toBe(true);
    expect(named(controls, "exposure_us").fixedWhileRecording).toBe(false);
  });

  it("draws text fields with their rules", () => {
    const controls = allControls(parameterForm(StartRecordingRequestSchema, { values: {} }));
    expect(named(controls, "name")).toMatchObject({ kind: "text", label: "Name" });
    expect(named(controls, "name").pattern).toContain("A-Za-z0-9");
    expect(named(controls, "directory").maxLength).toBe(1000);
    expect(named(controls, "planned_frames")).toMatchObject({ kind: "number", integer: true, maximum: 100_000_000 });
  });
});

describe("enumLabel", () => {
  it("leaves out the enum's own name", () => {
    expect(enumLabel(PixelFormatSchema, PixelFormat.MONO12)).toBe("Mono12");
    expect(enumLabel(PixelFormatSchema, 99)).toBe("99");
  });
});
