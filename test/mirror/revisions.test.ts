import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newer } from "../../src/mirror/revisions";

const revised = (epoch: string, revision: number) => ({ epoch, state: { revision }, receivedAtMs: 0 });

describe("newer", () => {
  it("ends at the highest revision of the last epoch, whatever the order within it", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1 }), (revisions) => {
        const kept = revisions.reduce<ReturnType<typeof revised> | null>(
          (before, revision) => newer(before, revised("2", revision)),
          revised("1", 1000),
        );
        expect(kept).toEqual(revised("2", Math.max(...revisions)));
      }),
    );
  });

  it("ignores a lower revision of the same epoch", () => {
    const kept = revised("1", 5);
    expect(newer(kept, revised("1", 4))).toBe(kept);
  });

  it("takes a lower revision of another epoch", () => {
    const arrived = revised("2", 1);
    expect(newer(revised("1", 5), arrived)).toBe(arrived);
  });
});
