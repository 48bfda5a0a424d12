import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { WindowKind, WindowsStateSchema } from "../../../gen/ts/macroscope/window/v1/window_pb";
import { ownWindow } from "../../../src/renderer/stimulus/own-window";

function windows(fullScreen: boolean, stimulusDisplayId: string) {
  return create(WindowsStateSchema, {
    windows: [
      { id: 1, kind: WindowKind.OPERATOR, displayId: "one", fullScreen: true },
      { id: 2, kind: WindowKind.STIMULUS, displayId: "two", fullScreen },
    ],
    stimulusDisplayId,
  });
}

describe("ownWindow", () => {
  it("is full screen only where it fills the chosen display", () => {
    expect(ownWindow(windows(true, "two"))).toEqual({ displayId: "two", fullScreen: true });
    expect(ownWindow(windows(true, "one")).fullScreen).toBe(false);
    expect(ownWindow(windows(false, "two")).fullScreen).toBe(false);
  });

  it("is nowhere when main knows of no stimulus window", () => {
    expect(ownWindow(create(WindowsStateSchema))).toEqual({ displayId: "", fullScreen: false });
  });
});
