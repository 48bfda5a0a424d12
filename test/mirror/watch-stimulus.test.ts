import { afterEach, describe, expect, it, vi } from "vitest";
import type { HeldStream } from "../../src/mirror/keep-stream";
import { watchStimulus } from "../../src/mirror/watch-stimulus";
import { fakeServer } from "../renderer/support/fake-channel";
import { makeMirror, whenMirrored } from "../renderer/support/mirrored";

let stream: HeldStream | undefined;
afterEach(() => stream?.stop());

describe("watchStimulus", () => {
  it("mirrors the snapshot and the revisions after it, times to the nanosecond", async () => {
    const { instrument, store } = makeMirror();
    stream = watchStimulus(store, instrument.clients.stimulus);
    const first = await whenMirrored(store, (state) => state.stimulus.current);
    expect(first.state).toMatchObject({ attached: false, testing: false, scene: { number: 1 } });
    instrument.stimulus.show({
      sweep: {
        $typeName: "macroscope.stimulus.v1.BarSweep",
        direction: 1,
        fromDeg: -70,
        toDeg: 50,
        startedNs: 9_007_199_254_740_993n,
        endedNs: 9_007_199_254_750_993n,
      },
    });
    const sweep = await whenMirrored(store, (state) => state.stimulus.current?.state.scene?.sweep);
    expect(sweep.startedNs).toBe("9007199254740993");
  });

  it("takes the lower revision of another worker", async () => {
    const { instrument, store } = makeMirror();
    for (let change = 0; change < 5; change += 1) instrument.stimulus.change({ attached: true });
    stream = watchStimulus(store, instrument.clients.stimulus);
    await whenMirrored(store, (state) => state.stimulus.current?.state.attached);
    instrument.channels.worker.set({ server: fakeServer(2n) });
    instrument.stimulus.states.push({ ...instrument.stimulus.states.current, attached: false, revision: 1n });
    const after = await whenMirrored(store, (state) => state.stimulus.current?.epoch === "2" && state.stimulus.current);
    expect(after.state).toMatchObject({ revision: 1, attached: false });
  });

  it("ends the call when it is stopped", async () => {
    const { instrument, store } = makeMirror();
    stream = watchStimulus(store, instrument.clients.stimulus);
    await whenMirrored(store, (state) => state.stimulus.current);
    stream.stop();
    await vi.waitFor(() => {
      expect(instrument.stimulus.states.watchers).toBe(0);
    });
  });
});
