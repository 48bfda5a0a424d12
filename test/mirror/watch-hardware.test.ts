import { afterEach, describe, expect, it } from "vitest";
import type { HeldStream } from "../../src/mirror/keep-stream";
import { watchHardware } from "../../src/mirror/watch-hardware";
import { makeMirror, whenMirrored } from "../renderer/support/mirrored";

let stream: HeldStream | undefined;
afterEach(() => stream?.stop());

describe("watchHardware", () => {
  it("keeps the last sample, and when it came", async () => {
    const { instrument, store } = makeMirror();
    const beforeMs = Date.now();
    stream = watchHardware(store, instrument.clients.monitoring);
    const status = await whenMirrored(store, (state) => state.hardware.status);
    expect(status.camera).toMatchObject({ frameRateHz: 30, missingFrames: 0 });
    // Absent is not zero.
    expect(status.camera?.temperatureC).toBeUndefined();
    expect(store.getState().hardware.receivedAtMs).toBeGreaterThanOrEqual(beforeMs);
  });
});
