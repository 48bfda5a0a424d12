import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedView, LEAST_SPAN, PLAIN_VIEW, viewChanged, viewReducer } from "../../src/mirror/view-slice";

const BEGIN = { ...PLAIN_VIEW, revision: 1 };

describe("the view", () => {
  it("has black below white, whatever is asked for", () => {
    const number = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.double({ min: -20, max: 20, noNaN: true }), (black, white, gamma) => {
        const view = changedView(BEGIN, { black, white, gamma });
        const inRange = view.black >= 0 && view.white <= 1 && view.gamma >= 0.1 && view.gamma <= 10;
        return inRange && view.white - view.black >= LEAST_SPAN * (1 - 1e-9);
      }),
    );
  });

  it("gets a higher revision with each change, and the same for none", () => {
    const changed = viewReducer(BEGIN, viewChanged({ gamma: 2 }));
    expect(changed).toMatchObject({ gamma: 2, revision: 2 });
    expect(viewReducer(changed, viewChanged({ gamma: 2 }))).toBe(changed);
  });

  it("leaves alone what is not asked for", () => {
    expect(changedView(BEGIN, { referenceId: "x" })).toEqual({ ...BEGIN, referenceId: "x", revision: 2 });
  });
});
