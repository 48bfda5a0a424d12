import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { createLinkPair } from "../../src/rpc";
import { settle } from "./support/fake-clock";

describe("createLinkPair", () => {
  it("delivers later, in order, the very bytes", async () => {
    const [near, far] = createLinkPair();
    const got: Uint8Array[] = [];
    far.onFrame((frame) => got.push(frame));
    const frames = [Uint8Array.of(1), Uint8Array.of(2)] as const;
    frames.forEach((frame) => near.send(frame));
    expect(got).toEqual([]);
    await settle();
    expect([got[0] === frames[0], got[1] === frames[1]]).toEqual([true, true]);
  });

  it("keeps frames until somebody listens", async () => {
    const [near, far] = createLinkPair();
    near.send(Uint8Array.of(1));
    await settle();
    const onFrame = vi.fn();
    far.onFrame(onFrame);
    expect(onFrame).toHaveBeenCalledOnce();
  });

  it("closes both ends, after what was sent, and tells each once", async () => {
    const [near, far] = createLinkPair();
    const told: string[] = [];
    far.onFrame(() => told.push("frame"));
    far.onClose(({ rawMessage, code }) => told.push(`far ${rawMessage} ${Code[code]}`));
    near.onClose(({ rawMessage }) => told.push(`near ${rawMessage}`));
    near.send(Uint8Array.of(1));
    near.close(new ConnectError("over", Code.Aborted));
    near.close("again");
    near.send(Uint8Array.of(2));
    far.close("too late");
    await settle();
    expect(told).toEqual(["near over", "far too late Unavailable"]);
  });

  it("tells a late listener that it is closed", () => {
    const [near] = createLinkPair();
    near.close("over");
    const onClose = vi.fn();
    near.onClose(onClose);
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("lets a test watch, change and drop frames, and hold them back", () => {
    const steps: (() => void)[] = [];
    const [near, far] = createLinkPair({
      schedule: (deliver) => steps.push(deliver),
      tap: (frame, from) => (frame[0] === 9 ? undefined : Uint8Array.of(...frame, from)),
    });
    const got: number[][] = [];
    far.onFrame((frame) => got.push([...frame]));
    near.onFrame((frame) => got.push([...frame]));
    near.send(Uint8Array.of(1));
    near.send(Uint8Array.of(9));
    far.send(Uint8Array.of(2));
    expect(got).toEqual([]);
    steps.forEach((step) => step());
    expect(got).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });
});
