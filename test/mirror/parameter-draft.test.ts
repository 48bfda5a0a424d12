import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Direction } from "../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { configurationControls } from "../../src/mirror/configuration-form";
import { draftProblem, draftText, readDraft, spokenValue, textProblem } from "../../src/mirror/parameter-draft";
import type { Control } from "../../src/mirror/parameter-form";
import type { ParameterValue } from "../../src/mirror/parameter-values";

const controls = configurationControls({});
const control = (path: string): Control => {
  const found = controls.get(path);
  if (!found) throw new Error(path);
  return found;
};

const bar = control("stimulus.bar_width_deg");
const limit = control("stimulus.azimuth_from_deg");
const directions = control("acquisition.directions");
const order = control("acquisition.order");
const name = control("session.name");
const notes = control("session.notes");

/** A value that a control can hold. */
function anyValue(of: Control): fc.Arbitrary<ParameterValue | null> {
  switch (of.kind) {
    case "number": {
      const { minimum = -1e6, maximum = 1e6 } = of;
      // As fine as it is shown; a finer one is not typed.
      const steps = of.integer ? 1 : 10 ** of.decimals;
      return fc.integer({ min: Math.ceil(minimum * steps), max: Math.floor(maximum * steps) }).map((n) => n / steps);
    }
    case "choice":
      return fc.constantFrom(...of.choices.map(({ value }) => value));
    case "choices":
      return fc.shuffledSubarray(
        of.choices.map(({ value }) => value),
        { minLength: of.minItems ?? 0 },
      );
    case "switch":
      return fc.boolean();
    case "text":
      return of.pattern === undefined ? fc.string({ maxLength: 80 }) : fc.stringMatching(/^[A-Za-z0-9]{1,20}$/);
  }
}

const anyControl = fc.constantFrom(...controls.values()).chain((of) => anyValue(of).map((value) => ({ of, value })));

describe("drafts", () => {
  it("read back as the value they show, for every kind of control", () => {
    fc.assert(
      fc.property(anyControl, ({ of, value }) => {
        const text = draftText(of, value);
        expect(readDraft(of, text)).toEqual({ value });
        expect(draftProblem(of, text)).toBeUndefined();
      }),
    );
  });

  it("are empty for no value, and empty is no value where the schema allows it", () => {
    expect(draftText(limit, undefined)).toBe("");
    expect(readDraft(limit, " ")).toEqual({ value: null });
    expect(readDraft(bar, "")).toEqual({ problem: "Bar width is a number." });
    expect(readDraft(directions, "")).toEqual({ value: [] });
  });

  it("keep the order of several choices", () => {
    expect(readDraft(directions, "3,1")).toEqual({ value: [Direction.TOP_TO_BOTTOM, Direction.LEFT_TO_RIGHT] });
  });

  it("are refused with the reason", () => {
    expect(draftProblem(bar, "400")).toBe("Bar width can be 0.1 to 180 °.");
    expect(draftProblem(bar, "wide")).toBe("Bar width is a number.");
    expect(draftProblem(directions, "")).toBe("Directions: choose one at least.");
    expect(draftProblem({ ...directions, maxItems: 1 }, "1,2")).toBe("Directions: choose 1 at most.");
    expect(draftProblem(name, "a/b")).toContain("Name does not fit.");
    expect(draftProblem(name, "")).toBe("Name is needed.");
    expect(draftProblem(bar, "20")).toBeUndefined();
  });

  it("never mean a value that the control's own limits forbid", () => {
    fc.assert(
      fc.property(fc.constantFrom(...controls.values()), fc.string(), (of, text) => {
        if (of.kind !== "number" || draftProblem(of, text) !== undefined) return;
        const meant = readDraft(of, text);
        if (!("value" in meant) || meant.value === null) return;
        if (of.minimum !== undefined) expect(meant.value).toBeGreaterThanOrEqual(of.minimum);
        if (of.maximum !== undefined) expect(meant.value).toBeLessThanOrEqual(of.maximum);
      }),
    );
  });
});

describe("values as people read them", () => {
  it("carry unit, names and what empty means", () => {
    expect(spokenValue(bar, 20)).toBe("20 °");
    expect(spokenValue(order, 2)).toBe("Interleaved");
    expect(spokenValue(directions, [3, 1])).toBe("Top to bottom, Left to right");
    expect(spokenValue(directions, [])).toBe("none");
    expect(spokenValue(limit, undefined)).toBe("off the screen");
    expect(spokenValue(notes, "")).toBe("empty");
    expect(spokenValue({ ...order, kind: "switch" }, true)).toBe("on");
  });
});

describe("texts", () => {
  it("count characters as the rules do", () => {
    expect(textProblem({ ...notes, maxLength: 3 }, "🐭🐭🐭")).toBeUndefined();
    expect(textProblem({ ...notes, maxLength: 3 }, "abcd")).toBe("Notes can have 3 characters, this has 4.");
  });
});
