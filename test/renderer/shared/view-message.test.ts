import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ViewSchema } from "../../../gen/ts/macroscope/view/v1/view_pb";
import { PLAIN_VIEW } from "../../../src/mirror";
import { viewFromMessage, viewToMessage } from "../../../src/renderer/shared/view-message";

describe("the view as a message", () => {
  it("is the same there and back", () => {
    const view = { ...PLAIN_VIEW, black: 0.1, gamma: 2, referenceId: "r", showRegions: false };
    expect(viewFromMessage(viewToMessage(view))).toEqual(view);
  });

  it("has every field of the contract", () => {
    const present = viewFromMessage(viewToMessage(PLAIN_VIEW));
    expect(Object.keys(present).sort()).toEqual(ViewSchema.fields.map(({ localName }) => localName).sort());
  });

  it("leaves out what is absent, and keeps what is zero or false", () => {
    expect(viewFromMessage(create(ViewSchema, { black: 0, automatic: false }))).toEqual({ black: 0, automatic: false });
  });
});
