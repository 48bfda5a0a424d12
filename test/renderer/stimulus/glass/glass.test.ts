import { describe, expect, it } from "vitest";
import { Glass } from "../../../../src/renderer/stimulus/glass/glass";
import type { Presented } from "../../../../src/renderer/stimulus/glass/glass";
import { readScene } from "../../../../src/stimulus";
import { DISPLAY, STIMULUS } from "../../../stimulus/support/scenes";
import { fakeCanvas } from "../../support/fake-graphics";

const REFRESH_MS = 1000 / 60;
const OFFSET_NS = 1_000_000_000_000n;

/** A display whose refreshes a test makes. */
function stage(clockAheadMs = 0) {
  const { canvas, asked, lose, restore } = fakeCanvas();
  const presented: Presented[] = [];
  const problems: string[] = [];
  let next: ((stampMs: number) => void) | undefined;
  const frames = {
    requestAnimationFrame: (callback: (stampMs: number) => void) => {
      next = callback;
      return 7;
    },
    cancelAnimationFrame: () => (next = undefined),
  };
  const events = {
    onPresented: (one: Presented) => presented.push(one),
    onProblem: (one: string) => problems.push(one),
  };
  const glass = new Glass(canvas, frames, events, clockAheadMs);
  const refresh = (stampMs: number) => next?.(stampMs);
  const uniform = (name: string) => asked.findLast(({ values }) => values[0] === name)?.values.slice(1);
  return { glass, presented, problems, refresh, uniform, lose, restore, isWaiting: () => next !== undefined };
}

function scene(startedNs: bigint, showing?: number) {
  const endedNs = startedNs + 10_000_000_000n;
  return readScene({
    number: 9,
    display: { ...DISPLAY, refreshRateHz: 60 },
    stimulus: STIMULUS,
    sweep: { showing, direction: 1, fromDeg: -50, toDeg: 50, startedNs, endedNs },
  });
}

describe("Glass", () => {
  it("draws the bar where it is when the frame is on the glass: one refresh after its stamp, on the worker's clock", () => {
    const { glass, presented, refresh, uniform } = stage();
    glass.show({ scene: scene(OFFSET_NS + 1_000_000_000n, 3), clockOffsetNs: OFFSET_NS });
    refresh(2000);
    const glassMs = 2000 + REFRESH_MS;
    const angleDeg = -50 + (glassMs - 1000) / 100;
    expect(presented[0]?.flip).toMatchObject({ stampNs: 2_000_000_000n, sceneNumber: 9n, showing: 4, direction: 1 });
    expect(Number(presented[0]!.flip.glassNs) / 1e6).toBeCloseTo(glassMs, 5);
    expect(presented[0]!.flip.angleDeg).toBeCloseTo(angleDeg, 6);
    expect(uniform("middleDeg")?.[0]).toBeCloseTo(angleDeg, 6);
  });

  it("tells a test's flips from the run's, and grey ones from both", () => {
    const { glass, presented, refresh } = stage();
    glass.show({ scene: scene(OFFSET_NS + 1_000_000_000n), clockOffsetNs: OFFSET_NS });
    refresh(500);
    refresh(2000);
    expect(presented.map(({ flip }) => [flip.showing, flip.direction, flip.sceneNumber])).toEqual([
      [0, 0, 9n],
      [0, 1, 9n],
    ]);
    expect(presented[0]?.flip.angleDeg).toBe(0);
  });

  it("is grey as long as the clocks are not known", () => {
    const { glass, presented, refresh } = stage();
    glass.show({ scene: scene(0n), clockOffsetNs: undefined });
    refresh(2000);
    expect(presented[0]?.bar).toBeUndefined();
  });

  it("turns the square with every flip, and says what was late", () => {
    const { presented, refresh, uniform } = stage();
    const squares: unknown[] = [];
    for (const refreshes of [...Array(20).keys(), 22, 23]) {
      refresh(refreshes * REFRESH_MS);
      squares.push(uniform("squareValue")?.[0]);
    }
    expect(squares).toEqual(squares.map((_, index) => (index % 2 === 0 ? 1 : 0)));
    expect(presented.map(({ flip }) => flip.squareBright)).toEqual(squares.map((value) => value === 1));
    expect(presented.map(({ flip }) => flip.missedRefreshes).slice(19)).toEqual([0, 2, 0]);
  });

  it("logs no flip while it cannot draw, says why, and goes on", () => {
    const { presented, problems, refresh, lose, restore } = stage();
    refresh(100);
    lose();
    refresh(117);
    refresh(133);
    restore();
    refresh(150);
    expect(presented.map(({ flip }) => Number(flip.stampNs) / 1e6)).toEqual([100, 150]);
    expect(problems).toEqual([expect.stringContaining("graphics card"), ""]);
  });

  it("tells stamps on the page's clock, though its own began later", () => {
    const { presented, refresh } = stage(250);
    refresh(100);
    expect(presented[0]?.flip.stampNs).toBe(350_000_000n);
  });

  it("rests for good when it is disposed of", () => {
    const { glass, isWaiting } = stage();
    expect(isWaiting()).toBe(true);
    glass.dispose();
    expect(isWaiting()).toBe(false);
  });
});
