import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WatchTimeCoursesResponseSchema } from "../../../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { CourseHistory, firstFrom, KEPT_S } from "../../../../../src/renderer/operator/features/preview/course-history";

function batch(ids: string[], samples: readonly (readonly [seconds: number, ...means: number[]])[]) {
  return create(WatchTimeCoursesResponseSchema, {
    regionIds: ids,
    receivedNs: samples.map(([seconds]) => BigInt(seconds * 1e9)),
    frameId: samples.map(() => 0n),
    meanCounts: samples.flatMap(([, ...means]) => means),
  });
}

describe("CourseHistory", () => {
  it("keeps a column for each region, with nothing where it had no pixel or was not there yet", () => {
    const history = new CourseHistory();
    history.add(batch(["a"], [[1, 10]]));
    history.add(
      batch(
        ["a", "b"],
        [
          [2, 11, 20],
          [3, Number.NaN, 21],
        ],
      ),
    );
    const { timesS, means } = history.last(60);
    expect(timesS).toEqual([1, 2, 3]);
    expect(Object.fromEntries(means)).toEqual({ a: [10, 11, null], b: [null, 20, 21] });
  });

  it("forgets a region that is gone, and everything when a stream begins anew", () => {
    const history = new CourseHistory();
    history.add(batch(["a", "b"], [[1, 10, 20]]));
    history.add(batch(["b"], [[2, 21]]));
    expect([...history.last(60).means.keys()]).toEqual(["b"]);
    const before = history.revision;
    history.begin();
    expect(history.last(60).timesS).toEqual([]);
    expect(history.revision).toBeGreaterThan(before);
  });

  it("gives the last seconds up to the newest sample", () => {
    const history = new CourseHistory();
    history.add(
      batch(
        ["a"],
        Array.from({ length: 100 }, (_, index) => [index, index] as const),
      ),
    );
    expect(history.last(9).timesS).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
  });

  it("does not grow without end", () => {
    const history = new CourseHistory();
    for (let second = 0; second < 3000; second += 1) history.add(batch(["a"], [[second, 1]]));
    const { timesS, means } = history.last(1e9);
    expect(timesS.length).toBeLessThan(KEPT_S + 600);
    expect(timesS.at(-1)).toBe(2999);
    expect(means.get("a")?.length).toBe(timesS.length);
  });
});

describe("firstFrom", () => {
  it("finds what a search from the beginning finds", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (times, from) => {
        const sorted = [...times].sort((one, other) => one - other);
        const found = sorted.findIndex((time) => time >= from);
        return firstFrom(sorted, from) === (found < 0 ? sorted.length : found);
      }),
    );
  });
});
