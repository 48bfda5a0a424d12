import { afterEach, describe, expect, it } from "vitest";
import { Code, ConnectError } from "@connectrpc/connect";
import type { HeldStream } from "../../src/mirror/keep-stream";
import { configurationArrived, plainConfiguration } from "../../src/mirror/configuration-slice";
import { watchConfiguration } from "../../src/mirror/watch-configuration";
import { makeMirror, whenMirrored } from "../renderer/support/mirrored";

let stream: HeldStream | undefined;
afterEach(() => stream?.stop());

function watched() {
  const { instrument, store } = makeMirror();
  stream = watchConfiguration(store, instrument.clients.configuration);
  return { instrument, store, configuration: instrument.configuration };
}

describe("watchConfiguration", () => {
  it("mirrors values by path and the figures that follow, zeros too", async () => {
    const { store } = watched();
    const first = await whenMirrored(store, (state) => state.configuration.current?.state);
    expect(first.values["stimulus.bar_width_deg"]).toBe(20);
    expect(first.values["acquisition.directions"]).toEqual([1, 2, 3, 4]);
    expect("stimulus.azimuth_from_deg" in first.values).toBe(false);
    expect(first.derived).toMatchObject({ sweeps: 40 });
    expect(Object.keys(first.derived ?? {})).toHaveLength(13);
  });

  it("remembers who changed what", async () => {
    const { store, configuration } = watched();
    await whenMirrored(store, (state) => state.configuration.current);
    configuration.change({ "stimulus.gamma": 1.8 }, "Anna");
    await whenMirrored(store, (state) => state.configuration.current?.state.values["stimulus.gamma"] === 1.8);
    configuration.change({ "stimulus.contrast": 0.4 }, "Bert");
    await whenMirrored(store, (state) => state.configuration.authors["stimulus.contrast"] === "Bert");
    expect(store.getState().configuration.authors).toEqual({ "stimulus.gamma": "Anna", "stimulus.contrast": "Bert" });
  });

  it("is told again after the worker was lost", async () => {
    const { store, configuration } = watched();
    await whenMirrored(store, (state) => state.configuration.current);
    configuration.states.fail(new ConnectError("There is no worker to talk to.", Code.Unavailable));
    configuration.change({ "stimulus.gamma": 1.8 }, "Anna");
    stream?.wake();
    await whenMirrored(store, (state) => state.configuration.current?.state.values["stimulus.gamma"] === 1.8);
  });

  it("does not go back to an older revision", () => {
    const { instrument, store } = makeMirror();
    const state = plainConfiguration(instrument.configuration.states.current);
    const at = (revision: number) => ({ state: { ...state, revision }, epoch: "1", receivedAtMs: 0 });
    store.dispatch(configurationArrived(at(5)));
    store.dispatch(configurationArrived(at(4)));
    expect(store.getState().configuration.current?.state.revision).toBe(5);
  });
});
