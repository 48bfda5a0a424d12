import { describe, expect, it } from "vitest";
import { ClockEstimate } from "../../src/rpc/clock";

/** A ping and the pong that answers it. */
function journey(
  clock: ClockEstimate,
  sentNs: bigint,
  receivedNs: bigint,
  answeredNs: bigint,
  arrivedNs: bigint,
): void {
  clock.asked(sentNs);
  clock.add(sentNs, receivedNs, answeredNs, arrivedNs);
}

describe("ClockEstimate", () => {
  it("finds the offset, within an error of half the journey", () => {
    const clock = new ClockEstimate();
    // Peer's clock is 1000 ahead; the way there took 30, the peer 5, the way back 10.
    journey(clock, 100n, 1130n, 1135n, 145n);
    expect(clock.at(145n)).toEqual({ offsetNs: 1010n, errorNs: 21n, residualNs: 0n, roundTripMs: 40 / 1e6 });
  });

  it("prefers the quickest of the last samples, and forgets old ones", () => {
    const clock = new ClockEstimate();
    journey(clock, 0n, 50n, 50n, 2n);
    expect(clock.at(2n)?.offsetNs).toBe(49n);
    for (let sample = 0n; sample < 15n; sample++) {
      journey(clock, 0n, 70n, 70n, 40n);
    }
    expect(clock.at(40n)).toMatchObject({ offsetNs: 49n, roundTripMs: 40 / 1e6 });
    expect(clock.measured).toBe(16);
    journey(clock, 0n, 70n, 70n, 40n);
    expect(clock.at(40n)?.offsetNs).toBe(50n);
  });

  it("trusts a sample less the older it is, by 50 ppm, until a newer one with a greater error counts", () => {
    const clock = new ClockEstimate();
    const second = 1_000_000_000n;
    journey(clock, 0n, 500n, 500n, 2_000n);
    expect(clock.at(2_000n)?.errorNs).toBe(1_001n);
    expect(clock.at(second + 2_000n)?.errorNs).toBe(51_001n);
    journey(clock, second, second + 70_000n, second + 70_000n, second + 100_000n);
    // Half of 100 µs against 1 µs and what it grew in a second.
    expect(clock.at(second + 100_000n)).toMatchObject({ offsetNs: 20_000n, errorNs: 50_001n });
  });

  it("says how far the samples scatter about the one that counts", () => {
    const clock = new ClockEstimate();
    journey(clock, 0n, 101n, 101n, 2n);
    journey(clock, 0n, 113n, 113n, 20n);
    journey(clock, 0n, 106n, 106n, 20n);
    // Offsets 100, 103 and 96: the root of (0 + 9 + 16) / 3.
    expect(clock.at(20n)).toMatchObject({ offsetNs: 100n, residualNs: 3n });
  });

  it("ignores journeys that cannot be", () => {
    const clock = new ClockEstimate();
    journey(clock, 10n, 5n, 5n, 9n);
    journey(clock, 0n, 9n, 5n, 9n);
    journey(clock, 0n, 0n, 20n, 9n);
    expect([clock.at(9n), clock.measured]).toEqual([undefined, 0]);
  });

  it("ignores the answer to a ping that is not out: one never sent, an older one, one answered already", () => {
    const clock = new ClockEstimate();
    clock.add(5n, 5n, 5n, 6n);
    clock.asked(10n);
    clock.asked(20n);
    clock.add(10n, 10n, 10n, 25n);
    clock.add(30n, 0n, 0n, 30n);
    expect(clock.measured).toBe(0);
    clock.add(20n, 24n, 24n, 26n);
    clock.add(20n, 20n, 20n, 20n);
    expect([clock.measured, clock.at(26n)?.offsetNs]).toEqual([1, 1n]);
  });
});
