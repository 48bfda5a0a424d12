// @vitest-environment jsdom
import "../../../support/page-globals";
import { describe, expect, it } from "vitest";
import { spread } from "../../../../../src/renderer/operator/features/preview/course-plot";

describe("spread", () => {
  it("leaves room above and below", () => {
    const [low, high] = spread(-1, 1, "relative");
    expect(low).toBeLessThan(-1);
    expect(high).toBeGreaterThan(1);
  });

  it("does not blow noise up to the whole height", () => {
    const [low, high] = spread(-0.001, 0.001, "relative");
    expect(high - low).toBeGreaterThan(0.2);
    const [from, to] = spread(30_000, 30_001, "counts");
    expect(to - from).toBeGreaterThan(60);
  });

  it("has a range before anything has come", () => {
    const [low, high] = spread(null, null, "counts");
    expect(high).toBeGreaterThan(low);
  });
});
