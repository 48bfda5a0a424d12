import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { EnvelopeSchema } from "../../../gen/ts/macroscope/rpc/v1/frame_pb";
import { encodeFrame } from "../../../src/rpc";
import { CallEnds } from "./call-ends";

type Kind = MessageInitShape<typeof EnvelopeSchema>["kind"];

const frame = (connection: number, kind: Kind) =>
  encodeFrame(2, connection, toBinary(EnvelopeSchema, create(EnvelopeSchema, { kind })));

describe("the ends of calls", () => {
  it("are one for each call of each connection", () => {
    const ends = new CallEnds();
    ends.note(frame(1, { case: "message", value: { call: 1, last: true } }));
    ends.note(frame(1, { case: "status", value: { call: 2 } }));
    ends.note(frame(2, { case: "status", value: { call: 1 } }));
    ends.note(frame(1, { case: "message", value: { call: 3 } }));
    ends.note(frame(1, { case: "message", value: { call: 3 } }));
    expect(ends.twice).toBe(0);
  });

  it("are noticed when a call ends a second time", () => {
    const ends = new CallEnds();
    ends.note(frame(1, { case: "message", value: { call: 1, last: true } }));
    ends.note(frame(1, { case: "status", value: { call: 1 } }));
    expect(ends.twice).toBe(1);
  });
});
