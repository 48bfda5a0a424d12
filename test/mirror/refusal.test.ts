import { describe, expect, it } from "vitest";
import { CameraSettingsSchema } from "../../gen/ts/macroscope/camera/v1/settings_pb";
import { allControls, parameterForm } from "../../src/mirror/parameter-form";
import { refusalOf } from "../../src/mirror/refusal";

const control = allControls(parameterForm(CameraSettingsSchema, { values: {} })).find(
  ({ path }) => path === "exposure_us",
)!;
const error = {
  code: "OutOfRange",
  message: "exposure_us is 20 to 1000000.",
  fields: { exposure_us: "exposure_us is 20 to 1000000." },
  details: [
    {
      type: "macroscope.camera.v1.ParameterRejected",
      value: { parameter: "exposure_us", limits: { range: { minimum: 20, maximum: 1_000_000, increment: 0 } } },
    },
  ],
};

describe("refusalOf", () => {
  it("says the range in the control's unit", () => {
    expect(refusalOf(control, error)).toBe("Exposure can be 0.02 to 1000 ms.");
  });

  it("gives the worker's words where there is no range, or another reason", () => {
    expect(refusalOf(control, { ...error, details: [] })).toBe(error.message);
    expect(refusalOf(control, { ...error, code: "FailedPrecondition" })).toBe(error.message);
  });

  it("is silent about errors of other fields", () => {
    expect(refusalOf({ ...control, path: "gain" }, error)).toBeUndefined();
    expect(refusalOf(control, null)).toBeUndefined();
  });
});
