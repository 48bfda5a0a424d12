import { create, createRegistry, fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { WatchPreviewResponseSchema } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { file_macroscope_camera_v1_camera } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import {
  EchoRequestSchema,
  FloodResponseSchema,
  file_macroscope_diagnostics_v1_diagnostics,
} from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { setTail, tailPath, takeTail } from "../../src/rpc/tail";
import type { TailVector } from "../vectors/make-vectors";

const registry = createRegistry(file_macroscope_camera_v1_camera, file_macroscope_diagnostics_v1_diagnostics);
const vectors = JSON.parse(readFileSync(new URL("../vectors/tails.json", import.meta.url), "utf8")) as TailVector[];

describe("tail", () => {
  it("finds the field through nested messages", () => {
    expect(tailPath(EchoRequestSchema)).toBeUndefined();
    expect(tailPath(FloodResponseSchema)?.map((field) => field.name)).toEqual(["block"]);
    expect(tailPath(WatchPreviewResponseSchema)?.map((field) => field.name)).toEqual(["frame", "pixels"]);
  });

  it.each(vectors)("is taken out and set again: $name", (vector) => {
    const desc = registry.getMessage(vector.type) as DescMessage;
    const whole = fromJson(desc, vector.message);
    const taken = takeTail(desc, whole);
    expect(Buffer.from(toBinary(desc, taken.message)).toString("hex")).toBe(vector.encoded);
    expect(Buffer.from(taken.tail ?? []).toString("hex")).toBe(vector.tail);
    expect(toJson(desc, whole)).toEqual(vector.message);
    const received = fromBinary(desc, Buffer.from(vector.encoded, "hex"));
    if (taken.tail !== undefined) {
      setTail(desc, received, taken.tail);
    }
    expect(toJson(desc, received)).toEqual(vector.message);
  });

  it("sets the very view that came, without copying", () => {
    const view = new Uint8Array(8).subarray(2);
    const message = create(WatchPreviewResponseSchema, { frame: {} });
    setTail(WatchPreviewResponseSchema, message, view);
    expect(message.frame?.pixels).toBe(view);
  });

  it("refuses a tail where none can be", () => {
    expect(() => setTail(EchoRequestSchema, create(EchoRequestSchema), new Uint8Array(1))).toThrow("has no tail");
    expect(() => setTail(WatchPreviewResponseSchema, create(WatchPreviewResponseSchema), new Uint8Array(1))).toThrow(
      "frame is not set",
    );
  });
});
