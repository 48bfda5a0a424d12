import { describe, expect, it } from "vitest";
import { ClockEstimate } from "../../src/rpc/clock";

describe("ClockEstimate", () => {
  it("finds the offset, within an error of half the journey", () => {
    const clock = new ClockEstimate();
    // Peer's clock is 1000 ahead; the way there took 30, the peer 5, the way back 10.
    clock.add(100n, 1130n, 1135n, 145n);
    expect(clock.best).toMatchObject({ offsetNs: 1010n, errorNs: 21n, roundTripMs: 40 / 1e6 });
  });

  it("prefers the quickest of the last samples, and forgets old ones", () => {
    const clock = new ClockEstimate();
    clock.add(0n, 50n, 50n, 2n);
    expect(clock.best?.offsetNs).toBe(49n);
    for (let sample = 0n; sample < 15n; sample++) {
      clock.add(0n, 70n, 70n, 40n);
    }
    expect(clock.best?.offsetNs).toBe(49n);
    expect(clock.last?.offsetNs).toBe(50n);
    clock.add(0n, 70n, 70n, 40n);
    expect(clock.best?.offsetNs).toBe(50n);
  });

  it("ignores journeys that cannot be", () => {
    const clock = new ClockEstimate();
    clock.add(10n, 5n, 5n, 9n);
    clock.add(0n, 9n, 5n, 9n);
    clock.add(0n, 0n, 20n, 9n);
    expect(clock.best).toBeUndefined();
  });
});
