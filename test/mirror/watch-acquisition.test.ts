import { afterEach, describe, expect, it } from "vitest";
import { AcquisitionPhase } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import type { HeldStream } from "../../src/mirror/keep-stream";
import { watchAcquisition } from "../../src/mirror/watch-acquisition";
import { makeMirror, whenMirrored } from "../renderer/support/mirrored";

let stream: HeldStream | undefined;
afterEach(() => stream?.stop());

describe("watchAcquisition", () => {
  it("mirrors the recording's state, 64-bit counts as numbers", async () => {
    const { instrument, store } = makeMirror();
    stream = watchAcquisition(store, instrument.clients.acquisition);
    const first = await whenMirrored(store, (state) => state.acquisition.current);
    expect(first.state).toMatchObject({ phase: AcquisitionPhase.IDLE, freeBytes: 412_000_000_000 });
    instrument.changeAcquisition({ phase: AcquisitionPhase.STOPPING });
    await whenMirrored(store, (state) => state.acquisition.current?.state.phase === AcquisitionPhase.STOPPING);
  });
});
