import { describe, expect, it } from "vitest";
import { configureCamera } from "../../src/mirror/commands";
import { commandErrorDismissed, commandsReducer, fieldErrorsDismissed } from "../../src/mirror/commands-slice";

const error = {
  code: "OutOfRange",
  message: "No.",
  fields: { exposure_us: "Too long.", gain: "Too high." },
  details: [],
};
const values = { exposure_us: 1 };

const pending = commandsReducer(undefined, configureCamera.pending("1", values));
const refused = commandsReducer(pending, configureCamera.rejected(null, "1", values, error));

describe("commands slice", () => {
  it("counts attempts under way", () => {
    const two = commandsReducer(pending, configureCamera.pending("2", values));
    expect(two.configureCamera.pending).toBe(2);
    expect(commandsReducer(two, configureCamera.fulfilled(undefined, "1", values)).configureCamera.pending).toBe(1);
    expect(refused.configureCamera).toEqual({ pending: 0, error });
  });

  it("forgets a field's reason when it is typed in again, and the error with its last field", () => {
    const dismiss = (...paths: string[]) => fieldErrorsDismissed({ command: "configureCamera", paths });
    const one = commandsReducer(refused, dismiss("exposure_us"));
    expect(one.configureCamera.error?.fields).toEqual({ gain: "Too high." });
    expect(commandsReducer(one, dismiss("gain")).configureCamera.error).toBeNull();
    expect(commandsReducer(refused, dismiss("binning")).configureCamera.error).toEqual(error);
  });

  it("forgets an error that is dismissed", () => {
    expect(commandsReducer(refused, commandErrorDismissed("configureCamera")).configureCamera.error).toBeNull();
  });
});
