import { describe, expect, it } from "vitest";
import { draftChanges, isChanged, isOvertaken } from "../../src/mirror/configuration-drafts";
import {
  configurationDraftsReducer,
  draftsDropped,
  draftsJudged,
  draftsMeant,
  draftsTaken,
  draftTyped,
} from "../../src/mirror/configuration-drafts-slice";
import { configurationControls } from "../../src/mirror/configuration-form";

const BAR = "stimulus.bar_width_deg";
const FROM = "stimulus.azimuth_from_deg";
const controls = configurationControls({ [BAR]: 20, [FROM]: -40 });
const bar = controls.get(BAR)!;

const typed = (...texts: [string, string][]) =>
  texts.reduce(
    (state, [path, text]) => configurationDraftsReducer(state, draftTyped({ path, text, was: 20 })),
    configurationDraftsReducer(undefined, { type: "none" }),
  );

describe("drafts slice", () => {
  it("remembers what the field was when it was first typed in", () => {
    const once = typed([BAR, "2"]);
    const twice = configurationDraftsReducer(once, draftTyped({ path: BAR, text: "25", was: 30 }));
    expect(twice.drafts[BAR]).toEqual({ text: "25", was: 20 });
  });

  it("drops what was taken, unless something else was typed since", () => {
    const state = typed([BAR, "25"], [FROM, "-30"]);
    const after = configurationDraftsReducer(state, draftsTaken({ [BAR]: "25", [FROM]: "-3" }));
    expect(Object.keys(after.drafts)).toEqual([FROM]);
  });

  it("forgets what was judged with the last draft", () => {
    const judged = configurationDraftsReducer(
      typed([BAR, "400"]),
      draftsJudged({ problems: { [BAR]: "Too wide.", other: "Too." }, derived: { run_s: 1 } }),
    );
    expect(configurationDraftsReducer(judged, draftsDropped([BAR]))).toEqual({
      drafts: {},
      problems: {},
      derived: null,
    });
  });

  it("takes a draft for meant that somebody has looked at again", () => {
    const state = configurationDraftsReducer(typed([BAR, "25"], [FROM, "-30"]), draftsMeant({ [BAR]: 30 }));
    expect(state.drafts[BAR]).toEqual({ text: "25", was: 30 });
    expect(state.drafts[FROM]).toEqual({ text: "-30", was: 20 });
  });
});

describe("drafts", () => {
  it("are changes only when they say something else", () => {
    expect(isChanged(bar, { text: "20", was: 20 })).toBe(false);
    expect(isChanged(bar, { text: "21", was: 20 })).toBe(true);
    expect(isChanged(bar, undefined)).toBe(false);
  });

  it("are overtaken when the field became another meanwhile, but not when it became what was typed", () => {
    expect(isOvertaken(bar, { text: "21", was: 20 })).toBe(false);
    expect(isOvertaken(bar, { text: "21", was: 18 })).toBe(true);
    expect(isOvertaken(bar, { text: "20", was: 18 })).toBe(false);
  });

  it("ask for values, take values away, or are refused", () => {
    const drafts = {
      [BAR]: { text: "400", was: 20 },
      [FROM]: { text: "", was: -40 },
      "gone.field": { text: "1", was: null },
    };
    expect(draftChanges(controls, drafts)).toEqual({
      changes: { [FROM]: null },
      problems: { [BAR]: "Bar width can be 0.1 to 180 °." },
    });
  });
});
