import { describe, expect, it } from "vitest";
import type { UpdateConfigurationRequest } from "../../gen/ts/macroscope/configuration/v1/configuration_pb";
import {
  redoConfiguration,
  resetConfiguration,
  setValues,
  undoConfiguration,
  updateConfiguration,
} from "../../src/mirror/configuration-commands";
import { configurationArrived, plainConfiguration } from "../../src/mirror/configuration-slice";
import { staleRevision } from "../../src/mirror/configuration-refusal";
import { makeMirror } from "../renderer/support/mirrored";

const BAR = "stimulus.bar_width_deg";
const FROM = "stimulus.azimuth_from_deg";

/** A window that has seen the first revision and nothing since. */
function mirrored() {
  const { instrument, store } = makeMirror();
  const { configuration } = instrument;
  const state = plainConfiguration(configuration.states.current);
  store.dispatch(configurationArrived({ state, epoch: "1", receivedAtMs: 0 }));
  const updates = () =>
    instrument.asked
      .filter(({ method }) => method === "updateConfiguration")
      .map(({ request }) => request as UpdateConfigurationRequest);
  const values = () => store.getState().configuration.current?.state.values ?? {};
  return { store, configuration, updates, values };
}

describe("updateConfiguration", () => {
  it("sends the paths and nothing else, with the revision that the window has", async () => {
    const { store, updates, values } = mirrored();
    await store.dispatch(updateConfiguration({ [BAR]: 25, [FROM]: null, "acquisition.directions": [2, 1] }));
    const [request] = updates();
    expect(request).toMatchObject({ baseRevision: 1n, paths: [BAR, FROM, "acquisition.directions"] });
    expect(request?.configuration?.stimulus?.gamma).toBeUndefined();
    expect(values()[BAR]).toBe(25);
    expect(values()["acquisition.directions"]).toEqual([2, 1]);
  });

  it("takes a value away", async () => {
    const { store, values } = mirrored();
    await store.dispatch(updateConfiguration({ [FROM]: -40 }));
    expect(values()[FROM]).toBe(-40);
    await store.dispatch(updateConfiguration({ [FROM]: null }));
    expect(FROM in values()).toBe(false);
    expect(setValues({ [BAR]: 1, [FROM]: null })).toEqual({ [BAR]: 1 });
  });

  it("is made again on the newest revision when others changed something else", async () => {
    const { store, configuration, updates, values } = mirrored();
    configuration.change({ "stimulus.gamma": 1.8 }, "Anna");
    configuration.change({ "stimulus.contrast": 0.4 }, "Anna");
    await store.dispatch(updateConfiguration({ [BAR]: 25 })).unwrap();
    expect(updates().map(({ baseRevision }) => baseRevision)).toEqual([1n, 3n]);
    expect(values()).toMatchObject({ [BAR]: 25, "stimulus.gamma": 1.8, "stimulus.contrast": 0.4 });
  });

  it("is not made when others changed the same, and tells who", async () => {
    const { store, configuration, updates } = mirrored();
    configuration.change({ [BAR]: 30 }, "Anna");
    await store.dispatch(updateConfiguration({ [BAR]: 25, "stimulus.gamma": 1.8 }));
    expect(updates()).toHaveLength(1);
    const { error } = store.getState().commands.updateConfiguration;
    expect(error?.code).toBe("Aborted");
    expect(staleRevision(error)).toMatchObject({ changedBy: "Anna", changedPaths: [BAR] });
    expect(configuration.states.current.configuration?.stimulus?.barWidthDeg).toBe(30);
  });

  it("is not made when it is not known any more what others changed", async () => {
    const { store, configuration, updates } = mirrored();
    configuration.forgetful = true;
    configuration.change({ "stimulus.gamma": 1.8 }, "Anna");
    await store.dispatch(updateConfiguration({ [BAR]: 25 }));
    expect(updates()).toHaveLength(1);
    expect(store.getState().commands.updateConfiguration.error?.code).toBe("Aborted");
  });

  it("gives up when others are faster every time", async () => {
    const { store, configuration, updates } = mirrored();
    let gamma = 1;
    const { current } = configuration.states;
    expect(current.revision).toBe(1n);
    configuration.beforeUpdate = () => configuration.change({ "stimulus.gamma": (gamma += 0.1) }, "Anna");
    await store.dispatch(updateConfiguration({ [BAR]: 25 }));
    expect(updates()).toHaveLength(3);
    expect(store.getState().commands.updateConfiguration.error?.code).toBe("Aborted");
  });

  it("tells the rule that was broken, by path", async () => {
    const { store } = mirrored();
    await store.dispatch(updateConfiguration({ "stimulus.contrast": 0.8 }));
    const { error } = store.getState().commands.updateConfiguration;
    expect(Object.keys(error?.fields ?? {})).toContain("stimulus.background");
  });

  it("tells what a run holds fixed", async () => {
    const { store, configuration } = mirrored();
    configuration.holdForRun(true);
    store.dispatch(
      configurationArrived({ state: plainConfiguration(configuration.states.current), epoch: "1", receivedAtMs: 0 }),
    );
    await store.dispatch(updateConfiguration({ [BAR]: 25 }));
    expect(store.getState().commands.updateConfiguration.error?.fields[BAR]).toContain("A run goes on");
    await store.dispatch(updateConfiguration({ "session.notes": "calm" })).unwrap();
  });
});

describe("going back", () => {
  it("takes the last change back and makes it again", async () => {
    const { store, values } = mirrored();
    await store.dispatch(updateConfiguration({ [BAR]: 25 }));
    expect(store.getState().configuration.current?.state.undoLabel).toBe("Bar width");
    await store.dispatch(undoConfiguration());
    expect(values()[BAR]).toBe(20);
    expect(store.getState().configuration.current?.state).toMatchObject({ undoLabel: "", redoLabel: "Bar width" });
    await store.dispatch(redoConfiguration());
    expect(values()[BAR]).toBe(25);
  });

  it("never takes back what somebody else did in the same moment", async () => {
    const { store, configuration } = mirrored();
    await store.dispatch(updateConfiguration({ [BAR]: 25 }));
    configuration.change({ "stimulus.gamma": 1.8 }, "Anna");
    await store.dispatch(undoConfiguration());
    expect(store.getState().commands.undoConfiguration.error?.code).toBe("Aborted");
    expect(configuration.states.current.configuration?.stimulus?.gamma).toBe(1.8);
  });

  it("gives defaults, a group of them too, on others' revision where they changed something else", async () => {
    const { store, configuration, values } = mirrored();
    await store.dispatch(updateConfiguration({ [BAR]: 25, "stimulus.gamma": 1.8, [FROM]: -40 }));
    configuration.change({ "display.distance_cm": 30 }, "Anna");
    await store.dispatch(resetConfiguration(["stimulus"])).unwrap();
    expect(values()).toMatchObject({ [BAR]: 20, "stimulus.gamma": 2.2, "display.distance_cm": 30 });
    expect(FROM in values()).toBe(false);
  });
});
