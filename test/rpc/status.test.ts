import { create } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { LimitExceededSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { CodeSchema } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { closeError, detailsToWire, errorFromWire, errorWithDetail } from "../../src/rpc/status";

describe("errors and their form on the wire", () => {
  it("has the numbers of Connect's codes", () => {
    const named = CodeSchema.values.slice(1).map(({ localName, number }) => [localName.replaceAll("_", ""), number]);
    const connect = Object.entries(Code).filter(([, number]) => typeof number === "number");
    expect(named).toEqual(connect.map(([name, number]) => [name.toUpperCase(), number]));
  });

  it("keeps typed details there and back, also of errors that are passed on", () => {
    const error = errorWithDetail(Code.ResourceExhausted, "too much", LimitExceededSchema, { limit: "x", found: 2n });
    const details = detailsToWire(error);
    expect(details[0]?.typeUrl).toBe("type.googleapis.com/macroscope.rpc.v1.LimitExceeded");
    const received = errorFromWire(error.code, error.rawMessage, details, { a: "b" });
    expect(received).toMatchObject({ code: Code.ResourceExhausted, rawMessage: "too much" });
    expect(received.metadata.get("a")).toBe("b");
    expect(received.findDetails(LimitExceededSchema)[0]).toMatchObject({ limit: "x", found: 2n });
    const [again] = detailsToWire(received);
    expect(again && anyUnpack(again, LimitExceededSchema)).toEqual(
      create(LimitExceededSchema, { limit: "x", found: 2n }),
    );
  });

  it("takes codes that nobody knows for unknown", () => {
    expect(errorFromWire(99, "", []).code).toBe(Code.Unknown);
    expect(errorFromWire(0, "", [], {}, Code.Unavailable).code).toBe(Code.Unavailable);
  });

  it("keeps the error when metadata came with it that can be no header", () => {
    const received = errorFromWire(Code.Aborted, "no", [], { "not a name": "x", "bad-value": "a\nb", good: "c" });
    expect(received).toMatchObject({ code: Code.Aborted, rawMessage: "no" });
    expect([...received.metadata]).toEqual([["good", "c"]]);
  });

  it("makes a sentence alone UNAVAILABLE", () => {
    expect(closeError("gone")).toMatchObject({ code: Code.Unavailable, rawMessage: "gone" });
    const error = new ConnectError("x", Code.Aborted);
    expect(closeError(error)).toBe(error);
  });
});
