import { describe, expect, it } from "vitest";
import { updateConfiguration } from "../../src/mirror/configuration-commands";
import { configurationArrived, plainConfiguration } from "../../src/mirror/configuration-slice";
import {
  deletePreset,
  exportConfiguration,
  importConfiguration,
  listPresets,
  loadPreset,
  savePreset,
} from "../../src/mirror/preset-commands";
import { makeMirror } from "../renderer/support/mirrored";

function mirrored() {
  const { instrument, store } = makeMirror();
  const state = plainConfiguration(instrument.configuration.states.current);
  store.dispatch(configurationArrived({ state, epoch: "1", receivedAtMs: 0 }));
  return { store, configuration: instrument.configuration };
}

describe("preset commands", () => {
  it("save, list, change, load and delete", async () => {
    const { store } = mirrored();
    const settings = () => store.getState().configuration.current?.state;
    await store.dispatch(savePreset({ name: "retinotopy", overwrite: false })).unwrap();
    expect(settings()).toMatchObject({ presetName: "retinotopy", differsFromPreset: false });
    await store.dispatch(listPresets());
    const [entry] = store.getState().configuration.presets?.presets ?? [];
    // Wall-clock nanoseconds do not fit a number.
    expect(entry).toMatchObject({ name: "retinotopy", problem: "", savedUnixNs: "1772360100000000001" });
    await store.dispatch(updateConfiguration({ "stimulus.gamma": 1.8 }));
    expect(settings()).toMatchObject({ presetName: "retinotopy", differsFromPreset: true });
    expect(await store.dispatch(loadPreset("retinotopy")).unwrap()).toEqual([]);
    expect(settings()?.values["stimulus.gamma"]).toBe(2.2);
    await store.dispatch(deletePreset("retinotopy")).unwrap();
    await store.dispatch(listPresets());
    expect(store.getState().configuration.presets?.presets).toEqual([]);
  });

  it("overwrite nothing unasked", async () => {
    const { store } = mirrored();
    await store.dispatch(savePreset({ name: "a", overwrite: false }));
    await store.dispatch(savePreset({ name: "a", overwrite: false }));
    expect(store.getState().commands.savePreset.error?.code).toBe("AlreadyExists");
    await store.dispatch(savePreset({ name: "a", overwrite: true })).unwrap();
  });

  it("tell what could not be had, and what cannot be read", async () => {
    const { store, configuration } = mirrored();
    await store.dispatch(savePreset({ name: "a", overwrite: false }));
    configuration.leftOut = ["Binning 4."];
    expect(await store.dispatch(loadPreset("a")).unwrap()).toEqual(["Binning 4."]);
    await store.dispatch(loadPreset("b"));
    const { error } = store.getState().commands.loadPreset;
    expect(error).toMatchObject({ code: "NotFound", details: [{ value: { name: "b", cause: "It is not there." } }] });
  });

  it("take the settings out as text and in again", async () => {
    const { store } = mirrored();
    await store.dispatch(updateConfiguration({ "stimulus.gamma": 1.8 }));
    const file = await store.dispatch(exportConfiguration("")).unwrap();
    expect(file.fileName).toBe("configuration.json");
    await store.dispatch(updateConfiguration({ "stimulus.gamma": 2 }));
    await store.dispatch(importConfiguration(file.text)).unwrap();
    expect(store.getState().configuration.current?.state.values["stimulus.gamma"]).toBe(1.8);
    await store.dispatch(importConfiguration("{{"));
    expect(store.getState().commands.importConfiguration.error?.message).toContain("not JSON");
  });
});
