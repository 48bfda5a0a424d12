import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { RecordingSummarySchema } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { PreviewFrameSchema } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { toPlain } from "../../src/mirror/from-proto";

describe("toPlain", () => {
  it("makes counts numbers and clock readings strings, nested ones too", () => {
    const plain = toPlain(
      create(RecordingSummarySchema, {
        capturedFrames: 6620n,
        drops: [{ reason: 2, frames: 41n }],
        startedUnixNs: 1_772_360_100_000_000_001n,
        fault: { message: "full", remedy: "free space" },
      }),
    );
    expect(plain.capturedFrames).toBe(6620);
    expect(plain.drops).toEqual([{ reason: 2, frames: 41 }]);
    // A double cannot hold this number.
    expect(plain.startedUnixNs).toBe("1772360100000000001");
    expect(plain.fault).toEqual({ message: "full", remedy: "free space" });
    expect(() => JSON.stringify(plain)).not.toThrow();
  });

  it("leaves out pixels and protobuf's own properties", () => {
    const plain = toPlain(create(PreviewFrameSchema, { widthPx: 2, pixels: new Uint8Array(4) }));
    expect(Object.keys(plain)).not.toContain("pixels");
    expect(Object.keys(plain)).not.toContain("$typeName");
    expect(plain.widthPx).toBe(2);
  });
});
