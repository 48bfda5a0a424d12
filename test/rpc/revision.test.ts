import { create } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { WatchWorkerResponseSchema } from "../../gen/ts/macroscope/application/v1/application_pb";
import {
  CameraStateSchema,
  WatchCameraResponseSchema,
  WatchPreviewResponseSchema,
} from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { revisionOf, revisionPath } from "../../src/rpc/revision";

describe("the revision of a message", () => {
  it("is found wherever the schema marks it", () => {
    expect(revisionPath(CameraStateSchema)?.map(({ name }) => name)).toEqual(["revision"]);
    expect(revisionPath(WatchCameraResponseSchema)?.map(({ name }) => name)).toEqual(["state", "revision"]);
    expect(revisionPath(WatchPreviewResponseSchema)).toBeUndefined();
    expect(revisionOf(WatchCameraResponseSchema, create(WatchCameraResponseSchema, { state: { revision: 9n } }))).toBe(
      9n,
    );
    expect(revisionOf(CameraStateSchema, create(CameraStateSchema))).toBe(0n);
  });

  it("is none where the type has none, or what holds it is not set", () => {
    expect(revisionOf(WatchCameraResponseSchema, create(WatchCameraResponseSchema))).toBeUndefined();
    expect(revisionOf(WatchPreviewResponseSchema, create(WatchPreviewResponseSchema))).toBeUndefined();
    expect(revisionPath(WatchWorkerResponseSchema)).toBeDefined();
  });

  it("must be one, and a singular uint64", () => {
    const marked = CameraStateSchema.field.revision;
    const twice = { ...CameraStateSchema, typeName: "twice", fields: [marked, marked] } as DescMessage;
    expect(() => revisionPath(twice)).toThrow("more than one field");
    const text = Object.assign(Object.create(marked) as typeof marked, { fieldKind: "enum" });
    const wrong = { ...CameraStateSchema, typeName: "wrong", fields: [text] } as unknown as DescMessage;
    expect(() => revisionPath(wrong)).toThrow("no singular uint64");
  });
});
