import { describe, expect, it } from "vitest";
import {
  drawnCourses,
  meanOf,
  relative,
  valueText,
} from "../../../../../src/renderer/operator/features/preview/course-values";

describe("relative", () => {
  it("is the change in percent of the column's mean, gaps left as they are", () => {
    expect(relative([99, null, 101])).toEqual([-1, null, 1]);
    expect(meanOf([null])).toBeUndefined();
  });

  it("is nothing where there is no light to compare with", () => {
    expect(relative([0, 0])).toEqual([null, null]);
  });
});

describe("drawnCourses", () => {
  const courses = {
    timesS: [10, 11, 12],
    means: new Map([
      ["a", [1, 2, 3]],
      ["b", [5, 5, null]],
    ]),
  };

  it("counts time from the newest sample, and keeps to the order asked for", () => {
    expect(drawnCourses(courses, ["b", "a"], "counts")).toEqual([
      [-2, -1, 0],
      [5, 5, null],
      [1, 2, 3],
    ]);
  });

  it("has a column of nothing for a region that has not been measured yet", () => {
    expect(drawnCourses(courses, ["new"], "relative")[1]).toEqual([null, null, null]);
  });
});

describe("valueText", () => {
  it("has a sign where it is a change, and no more digits than are meant", () => {
    expect(valueText(0.1234, "relative")).toBe("+0.12 %");
    expect(valueText(-1.5, "relative")).toBe("−1.50 %");
    expect([valueText(1840.44, "counts"), valueText(99.96, "counts")]).toEqual(["1840", "100.0"]);
    expect([valueText(null, "counts"), valueText(undefined, "relative")]).toEqual(["–", "–"]);
  });
});
