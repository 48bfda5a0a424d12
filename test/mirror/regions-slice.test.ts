import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RegionShape } from "../../gen/ts/macroscope/imaging/v1/imaging_pb";
import {
  regionAnswered,
  regionRemovalSeen,
  regionsArrived,
  regionsReducer,
  regionWished,
  shownRegions,
} from "../../src/mirror/regions-slice";
import type { RegionMirror, RegionsSliceState } from "../../src/mirror/regions-slice";

const V1: RegionMirror = {
  id: "a",
  name: "V1",
  shape: RegionShape.RECTANGLE,
  xPx: 1,
  yPx: 2,
  widthPx: 3,
  heightPx: 4,
  colour: 0,
};
const LM = { ...V1, id: "b", name: "LM" };

type Action = Parameters<typeof regionsReducer>[1];
const after = (...actions: Action[]): RegionsSliceState =>
  actions.reduce<RegionsSliceState | undefined>((state, action) => regionsReducer(state, action), undefined) ??
  regionsReducer(undefined, { type: "none" });

const arrived = (revision: number, regions: RegionMirror[], epoch = "1") =>
  regionsArrived({
    state: { revision, regions, sensorWidthPx: 64, sensorHeightPx: 64 },
    epoch,
    receivedAtMs: 0,
  });
const wished = (region: RegionMirror | undefined, requestId = "r1", id = "a") =>
  regionWished({ id, region, requestId });
const answered = (revision: number | undefined, requestId = "r1", id = "a") =>
  regionAnswered({ id, requestId, revision });

describe("regions", () => {
  it("are shown as wished before the worker has answered", () => {
    const moved = { ...V1, xPx: 9 };
    expect(shownRegions(after(arrived(1, [V1, LM]), wished(moved)))).toEqual([moved, LM]);
    expect(shownRegions(after(arrived(1, [LM]), wished(V1)))).toEqual([LM, V1]);
    expect(shownRegions(after(arrived(1, [V1, LM]), wished(undefined)))).toEqual([LM]);
  });

  it("go back to what they were when the worker refuses", () => {
    expect(shownRegions(after(arrived(1, [V1]), wished(undefined), answered(undefined)))).toEqual([V1]);
  });

  it("stay as wished from the answer until the state that has it comes, whichever is first", () => {
    const moved = { ...V1, xPx: 9 };
    const between = after(arrived(1, [V1]), wished(moved), answered(2));
    expect(shownRegions(between)).toEqual([moved]);
    const settled = regionsReducer(between, arrived(2, [{ ...moved, xPx: 8 }]));
    expect(shownRegions(settled)).toEqual([{ ...moved, xPx: 8 }]);
    const overtaken = after(arrived(1, [V1]), wished(moved), arrived(2, [{ ...moved, xPx: 8 }]), answered(2));
    expect(shownRegions(overtaken)).toEqual([{ ...moved, xPx: 8 }]);
  });

  it("mind only the newest wish for a region", () => {
    const newest = { ...V1, xPx: 20 };
    const state = after(
      arrived(1, [V1]),
      wished({ ...V1, xPx: 9 }, "r1"),
      wished(newest, "r2"),
      answered(undefined, "r1"),
    );
    expect(shownRegions(state)).toEqual([newest]);
  });

  it("are the new worker's when there is one", () => {
    expect(shownRegions(after(arrived(5, [V1]), wished({ ...V1, xPx: 9 }), arrived(1, [LM], "2")))).toEqual([LM]);
  });

  it("are the same list while nothing changes, so that nothing is drawn anew", () => {
    const state = after(arrived(1, [V1]), wished(LM, "r1", "b"));
    expect(shownRegions(state)).toBe(shownRegions({ ...state, selectedId: "b" }));
  });

  it("can be had back until somebody has seen it or it is back", () => {
    const gone = after(arrived(1, [V1]), wished(undefined));
    expect(gone.removed).toEqual(V1);
    expect(regionsReducer(gone, regionRemovalSeen()).removed).toBeNull();
    expect(regionsReducer(gone, wished(V1, "r2")).removed).toBeNull();
  });
});

describe("regions that are changed faster than the worker answers", () => {
  /** What is asked for is done in its order; answers and states come each in theirs, one before the other or after. */
  interface World {
    state: RegionsSliceState;
    regions: RegionMirror[];
    revision: number;
    requests: { readonly id: string; readonly region: RegionMirror | undefined; readonly requestId: string }[];
    answers: Action[];
    states: Action[];
  }
  const step = fc.oneof(
    fc.record({ put: fc.constantFrom("a", "b", "c"), x: fc.nat(9) }),
    fc.record({ remove: fc.constantFrom("a", "b", "c") }),
    fc.record({ work: fc.constantFrom("done", "refused") }),
    fc.constantFrom("answer", "state"),
  );
  const work = (world: World, refused: boolean) => {
    const request = world.requests.shift();
    if (!request) return;
    const { id, region, requestId } = request;
    if (refused) {
      world.answers.push(answered(undefined, requestId, id));
      return;
    }
    world.revision += 1;
    const others = world.regions.filter((one) => one.id !== id);
    world.regions = region ? [...others, region] : others;
    world.states.push(arrived(world.revision, world.regions));
    world.answers.push(answered(world.revision, requestId, id));
  };
  const deliver = (world: World, from: Action[]) => {
    const action = from.shift();
    if (action) world.state = regionsReducer(world.state, action);
  };

  it("are what was asked for last until it is answered, and in the end what the worker has", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const world: World = {
          state: after(arrived(0, [])),
          regions: [],
          revision: 0,
          requests: [],
          answers: [],
          states: [],
        };
        steps.forEach((one, index) => {
          if (one === "answer") deliver(world, world.answers);
          else if (one === "state") deliver(world, world.states);
          else if ("work" in one) work(world, one.work === "refused");
          else {
            const id = "put" in one ? one.put : one.remove;
            const region = "put" in one ? { ...V1, id, xPx: one.x } : undefined;
            const requestId = `r${index}`;
            world.requests.push({ id, region, requestId });
            world.state = regionsReducer(world.state, wished(region, requestId, id));
            expect(shownRegions(world.state).find((shown) => shown.id === id)).toEqual(region);
          }
        });
        while (world.requests.length > 0) work(world, false);
        while (world.answers.length > 0) deliver(world, world.answers);
        while (world.states.length > 0) deliver(world, world.states);
        expect(shownRegions(world.state)).toEqual(world.regions);
        expect(world.state.wishes).toEqual({});
      }),
    );
  });
});
