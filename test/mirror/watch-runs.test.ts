import { afterEach, describe, expect, it } from "vitest";
import { AcquisitionPhase } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { acquisitionArrived } from "../../src/mirror/acquisition-slice";
import { toPlain } from "../../src/mirror/from-proto";
import { watchRuns } from "../../src/mirror/watch-runs";
import { makeMirror } from "../renderer/support/mirrored";

let stop: (() => void) | undefined;
afterEach(() => stop?.());

describe("watchRuns", () => {
  it("lists the runs again when a recording has ended, and not before", () => {
    const { instrument, store } = makeMirror();
    stop = watchRuns(store);
    const phase = (next: AcquisitionPhase) => {
      const state = toPlain(instrument.changeAcquisition({ phase: next }));
      store.dispatch(acquisitionArrived({ state, epoch: "1", receivedAtMs: 0 }));
      return store.getState().commands.listRuns.pending;
    };
    expect(phase(AcquisitionPhase.RECORDING)).toBe(0);
    expect(phase(AcquisitionPhase.STOPPING)).toBe(0);
    expect(phase(AcquisitionPhase.IDLE)).toBe(1);
    expect(phase(AcquisitionPhase.IDLE)).toBe(1);
  });
});
