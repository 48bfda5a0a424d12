import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { SpaceNeededSchema } from "../../gen/ts/macroscope/acquisition/v1/errors_pb";
import { ParameterRejectedSchema } from "../../gen/ts/macroscope/camera/v1/errors_pb";
import { InvalidFieldsSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { isPassing, toCommandError } from "../../src/mirror/command-error";

describe("toCommandError", () => {
  it("puts the reason beside the parameter that was rejected", () => {
    const error = new ConnectError("Too long.", Code.OutOfRange, undefined, [
      { desc: ParameterRejectedSchema, value: { parameter: "exposure_us", requested: 5e9 } },
    ]);
    const plain = toCommandError(error);
    expect(plain).toMatchObject({ code: "OutOfRange", message: "Too long.", fields: { exposure_us: "Too long." } });
    expect(plain.details[0]?.type).toBe("macroscope.camera.v1.ParameterRejected");
  });

  it("knows broken rules by the form's paths", () => {
    const violations = [
      { field: "settings.exposure_us", rule: "double.gt", message: "must be greater than 0" },
      { field: "name", rule: "string.pattern", message: "does not match" },
    ];
    const error = new ConnectError("Invalid.", Code.InvalidArgument, undefined, [
      { desc: InvalidFieldsSchema, value: { violations } },
    ]);
    expect(toCommandError(error).fields).toEqual({ exposure_us: "must be greater than 0", name: "does not match" });
  });

  it("keeps typed details plain", () => {
    const error = new ConnectError("No room.", Code.ResourceExhausted, undefined, [
      { desc: SpaceNeededSchema, value: { directory: "/data", neededBytes: 187n, freeBytes: 41n } },
    ]);
    expect(toCommandError(error).details).toEqual([
      {
        type: "macroscope.acquisition.v1.SpaceNeeded",
        value: { directory: "/data", neededBytes: 187, freeBytes: 41 },
      },
    ]);
  });

  it("takes anything that is thrown", () => {
    expect(toCommandError(new TypeError("x is not a function"))).toMatchObject({ code: "Unknown", fields: {} });
    expect(toCommandError("boom").message).toBe("boom");
  });
});

describe("isPassing", () => {
  it.each([
    [Code.Unavailable, true],
    [Code.Internal, true],
    [Code.Unimplemented, false],
    [Code.PermissionDenied, false],
    [Code.InvalidArgument, false],
  ])("code %i: %s", (code, passing) => {
    expect(isPassing(new ConnectError("", code))).toBe(passing);
  });
});
