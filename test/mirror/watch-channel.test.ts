import { describe, expect, it } from "vitest";
import { makeStore } from "../../src/mirror";
import { watchChannel } from "../../src/mirror/watch-channel";
import { FakeInstrument } from "../renderer/support/fake-instrument";

describe("watchChannel", () => {
  it("copies each state without what a store cannot hold, until stopped", () => {
    const instrument = new FakeInstrument();
    const store = makeStore({ clients: instrument.clients });
    const channel = instrument.channels.worker;
    const stop = watchChannel(store, "worker", channel);
    expect(store.getState().connection.worker).toMatchObject({ phase: "live", reason: null, server: { epoch: "1" } });
    const { sinceMs } = store.getState().connection.worker;
    channel.set({ roundTripMs: 3 });
    // The phase is the same, so it lasts as long as before.
    expect(store.getState().connection.worker).toMatchObject({ roundTripMs: 3, sinceMs });
    channel.set({ phase: "lost", reason: "The process ended." });
    expect(store.getState().connection.worker).toMatchObject({ phase: "lost", reason: "The process ended." });
    stop();
    channel.set({ phase: "live" });
    expect(store.getState().connection.worker.phase).toBe("lost");
  });
});
