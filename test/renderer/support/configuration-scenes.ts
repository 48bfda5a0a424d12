/** Forms of the configuration worth looking at. */
import { draftTyped } from "../../../src/mirror";
import type { MirrorStore } from "../../../src/mirror";
import type { FakeInstrument } from "./fake-instrument";

type Scene = (instrument: FakeInstrument, store: MirrorStore) => void;

function addPresets({ configuration }: FakeInstrument): void {
  const saved = { savedUnixNs: 1_772_360_100_000_000_001n, values: configuration.values, problem: "" };
  configuration.presets.set("retinotopy", { ...saved, summary: "Bar 20°, 9°/s, 10 sweeps of 4 directions, 12:22" });
  configuration.presets.set("one repeat test", {
    ...saved,
    savedUnixNs: 1_772_446_500_000_000_001n,
    summary: "Bar 20°, 9°/s, 1 sweep of 4 directions, 1:21",
  });
  configuration.presets.set("from the old rig", {
    ...saved,
    summary: "",
    problem:
      "It was written by a newer version of the program (schema 3, this one knows 2). Update the program, then load it.",
  });
}

const typed = (store: MirrorStore, path: string, text: string) => {
  const was = store.getState().configuration.current?.state.values[path] ?? null;
  store.dispatch(draftTyped({ path, text, was }));
};

/** When the settings are there. */
const later = (work: () => void) => setTimeout(work, 700);

export const CONFIGURATION_SCENES: Readonly<Record<string, Scene>> = {
  "settings-changed": (instrument, store) => {
    addPresets(instrument);
    instrument.configuration.change({ "stimulus.bar_width_deg": 14, "stimulus.gamma": 1.8 }, "operator window");
    later(() => {
      typed(store, "stimulus.drift_speed_deg_per_s", "12");
      typed(store, "acquisition.sweeps_per_direction", "20");
    });
  },
  "settings-refused": (_instrument, store) => {
    later(() => {
      typed(store, "stimulus.bar_width_deg", "400");
      typed(store, "stimulus.contrast", "0.8");
      typed(store, "stimulus.azimuth_from_deg", "-80");
      typed(store, "display.distance_cm", "far");
    });
  },
  "settings-conflict": (instrument, store) => {
    later(() => {
      typed(store, "stimulus.bar_width_deg", "25");
      typed(store, "stimulus.drift_speed_deg_per_s", "12");
      setTimeout(
        () => instrument.configuration.change({ "stimulus.bar_width_deg": 30 }, "operator page in a browser"),
        100,
      );
    });
  },
  "settings-in-a-run": (instrument) => {
    instrument.configuration.change({ "stimulus.bar_width_deg": 14 }, "operator window");
    instrument.configuration.holdForRun(true);
  },
  presets: (instrument) => {
    addPresets(instrument);
    instrument.configuration.leftOut = ["Binning 4 of the camera: this camera offers 1 and 2."];
  },
  "no-settings": (instrument) => {
    instrument.channels.worker.set({ phase: "lost", attempt: 1, reason: "The worker process ended." });
    instrument.configuration.silent = true;
  },
  "display-gone": (instrument) => {
    instrument.configuration.change({ "display.display_id": "7" }, "operator window");
  },
};
