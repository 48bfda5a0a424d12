import { describe, expect, it } from "vitest";
import { sweepShades } from "../../../../../src/renderer/operator/features/preview/sweep-shades";
import type { MirrorState } from "../../../../../src/mirror";

const stateWith = (shown: unknown) =>
  ({ workflow: { current: { state: { run: { shown } } } } }) as unknown as MirrorState;

describe("sweepShades", () => {
  it("are when sweeps were shown; the one that goes on has no end", () => {
    const state = stateWith([
      { startedNs: "1500000000", endedNs: "2000000000" },
      { startedNs: "3000000000", endedNs: "0" },
    ]);
    expect(sweepShades(state)).toEqual([
      { fromS: 1.5, toS: 2 },
      { fromS: 3, toS: undefined },
    ]);
    expect(sweepShades(state)).toBe(sweepShades(state));
  });

  it("are none without a run", () => {
    expect(sweepShades({ workflow: { current: null } } as unknown as MirrorState)).toEqual([]);
    expect(sweepShades(stateWith([]))).toEqual([]);
  });
});
