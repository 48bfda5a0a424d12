import { describe, expect, it } from "vitest";
import { FAULTS } from "./faults";
import { Random } from "./random";
import { simulate } from "./simulate";
import type { SimulationResult } from "./simulate";
import { totals } from "./summary";
import { VirtualTime } from "./virtual-time";

const SEEDS = 300;

describe("simulated worlds", () => {
  const results: SimulationResult[] = [];

  it(`keep the protocol's promises in ${SEEDS} seeds`, { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const result = await simulate(seed);
      results.push(result);
      const again = `npm run simulate -- --only ts --seed ${seed} --trace`;
      expect(result.objections, `${again}\n${result.last.join("\n")}`).toEqual([]);
    }
  });

  it("saw every kind of fault, of call and of end", () => {
    const counts = totals(results);
    const faults = ["read split", "reads joined", "frame overtook others", "frame came twice", "bytes came twice"];
    const names = [
      ...[...Object.keys(FAULTS), ...faults].map((name) => `fault: ${name}`),
      ...["call", "callAgain", "callUrgently", "stream", "preview", "watch"].map((name) => `call: ${name}`),
      ...["ok", "Canceled", "DeadlineExceeded", "Unavailable", "Aborted"].map((name) => `outcome: ${name}`),
      ...["connecting → live", "live → stale", "stale → live", "stale → lost", "lost → connecting"].map(
        (name) => `phase: ${name}`,
      ),
      "outcome: skipped messages",
    ];
    expect(names.filter((name) => (counts.get(name) ?? 0) < 5)).toEqual([]);
  });

  it("are the same again from the same seed, and others from another", async () => {
    for (const seed of [1, 2, 3, 77]) {
      const { hash, lines } = await simulate(seed);
      const again = await simulate(seed);
      expect({ hash, lines }).toEqual({ hash: again.hash, lines: again.lines });
      expect(lines).toBeGreaterThan(100);
      expect((await simulate(seed + 1_000)).hash).not.toBe(hash);
    }
  });
});

describe("virtual time", () => {
  it("keeps appointments in order, and lets microtasks run between them", async () => {
    const time = new VirtualTime();
    const seen: string[] = [];
    time.after(2, () => seen.push("second"));
    time.after(1, () => {
      seen.push("first");
      void Promise.resolve()
        .then(() => undefined)
        .then(() => seen.push("what the first brought about"));
    });
    time.after(1, () => seen.push("first, too"));
    time.cancel(time.after(1.5, () => seen.push("never")));
    time.after(3, () => seen.push("later"));
    await time.runUntil(2.5, () => undefined);
    expect(seen).toEqual(["first", "what the first brought about", "first, too", "second"]);
    expect(time.now()).toBe(2.5);
  });
});

describe("chance from a seed", () => {
  it("is the same again, and even", () => {
    const one = new Random(5);
    const other = new Random(5);
    const numbers = Array.from({ length: 4_000 }, () => one.whole(0, 9));
    expect(numbers).toEqual(Array.from({ length: 4_000 }, () => other.whole(0, 9)));
    for (let digit = 0; digit < 10; digit++) {
      expect(numbers.filter((number) => number === digit).length).toBeGreaterThan(300);
    }
  });
});
