import { Code, ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FlipReporter } from "../../../src/renderer/stimulus/flip-reporter";
import type { ReporterTools } from "../../../src/renderer/stimulus/flip-reporter";
import { FlipLog } from "../../../src/stimulus";
import { FakeInstrument } from "../support/fake-instrument";

const CLOCK = { offsetNs: 1000n, errorNs: 10n, residualNs: 1n };

let reporter: FlipReporter | undefined;
beforeEach(() => vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => {
  reporter?.stop();
  vi.useRealTimers();
});

function start(id: () => string | undefined = () => "attachment-1") {
  const instrument = new FakeInstrument();
  const log = new FlipLog(10_000);
  const add = (count: number, direction = 0) => {
    for (let index = 0; index < count; index++) {
      const stampNs = BigInt(index);
      log.add({
        stampNs,
        glassNs: stampNs,
        sceneNumber: 1n,
        showing: 0,
        direction,
        angleDeg: 0,
        missedRefreshes: 0,
        squareBright: true,
      });
    }
  };
  reporter = new FlipReporter({ client: instrument.clients.stimulus, log, attachmentId: id, clock: () => CLOCK });
  const sent = () => instrument.stimulus.batches.map(({ firstIndex, pageNs }) => [Number(firstIndex), pageNs.length]);
  return { instrument, log, add, sent, reporter };
}

describe("FlipReporter", () => {
  it("reports five times a second what has come", async () => {
    const { add, sent, log } = start();
    add(12);
    vi.advanceTimersByTime(200);
    await vi.waitFor(() => expect(log.waiting).toBe(0));
    add(3);
    vi.advanceTimersByTime(200);
    await vi.waitFor(() => expect(log.waiting).toBe(0));
    expect(sent()).toEqual([
      [0, 12],
      [12, 3],
    ]);
  });

  it("brings all that waits, batch after batch, with one report under way", async () => {
    const { add, sent, reporter } = start();
    add(2500);
    add(10, 2);
    await Promise.all([reporter.flush(), reporter.flush()]);
    expect(sent()).toEqual([
      [0, 2000],
      [2000, 500],
      [2500, 10],
    ]);
  });

  it("keeps what did not arrive, and brings it again", async () => {
    const { instrument, add, sent, log, reporter } = start();
    add(5);
    instrument.refusals.set("reportFlips", new ConnectError("gone", Code.Unavailable));
    await reporter.flush();
    expect(log.waiting).toBe(5);
    add(5);
    await reporter.flush();
    expect(sent()).toEqual([[0, 10]]);
  });

  it("gives up what the worker says it can never take, so that the rest gets through", async () => {
    const complaint = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { instrument, add, sent, log, reporter } = start();
    add(5, 1);
    add(5, 2);
    instrument.refusals.set("reportFlips", new ConnectError("lists", Code.InvalidArgument));
    await reporter.flush();
    expect(sent()).toEqual([[5, 5]]);
    expect(log.waiting).toBe(0);
    expect(complaint).toHaveBeenCalledOnce();
  });

  it("loses no more of a large batch than what stands beside the flip that can never be taken", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { log, add } = start();
    const brought: number[] = [];
    const client = refusing(brought, (stamp) => stamp === 777);
    add(2000);
    const given: string[] = [];
    const tools = {
      client,
      log,
      attachmentId: () => "a",
      clock: () => CLOCK,
      onGivenUp: (why: string) => given.push(why),
    };
    const halving = new FlipReporter(tools);
    await halving.flush();
    halving.stop();
    expect(log.waiting).toBe(0);
    expect(log.lost).toBeGreaterThan(0);
    expect(log.lost).toBeLessThanOrEqual(30);
    expect(brought).toHaveLength(2000 - log.lost);
    expect(brought).not.toContain(777);
    expect(given).toEqual(["no"]);
  });

  it("ends with a worker that refuses everything, and has counted all", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { log, add } = start();
    add(1000);
    const client = refusing([], () => true);
    const refused = new FlipReporter({ client, log, attachmentId: () => "a", clock: () => CLOCK });
    await refused.flush();
    refused.stop();
    expect([log.waiting, log.lost]).toEqual([0, 1000]);
  });

  it("gives up at the third time what makes the worker fail, and nothing while the worker is away", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { instrument, add, sent, log, reporter } = start();
    add(5, 1);
    add(5, 2);
    for (const [code, waiting] of [
      [Code.Unavailable, 10],
      [Code.FailedPrecondition, 10],
      [Code.Internal, 10],
      [Code.Unavailable, 10],
      [Code.Internal, 10],
      [Code.Unknown, 0],
    ] as const) {
      instrument.refusals.set("reportFlips", new ConnectError("broke", code));
      await reporter.flush();
      expect(log.waiting).toBe(waiting);
    }
    expect(sent()).toEqual([[5, 5]]);
    expect(log.lost).toBe(5);
  });

  it("waits while the display is not attached", async () => {
    const display: { id?: string } = {};
    const { add, sent, log, reporter } = start(() => display.id);
    add(5);
    await reporter.flush();
    expect(log.waiting).toBe(5);
    display.id = "attachment-1";
    await reporter.flush();
    expect(sent()).toEqual([[0, 5]]);
  });
});

describe("FlipReporter over a link that breaks", () => {
  const MOST = 12;
  const flip = (stamp: number) => ({
    stampNs: BigInt(stamp),
    glassNs: BigInt(stamp),
    sceneNumber: 1n,
    showing: 0,
    direction: stamp % 7 === 0 ? 1 : 0,
    angleDeg: 0,
    missedRefreshes: 0,
    squareBright: true,
  });
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 1, max: 5 }) }),
    // What becomes of the next report, and whether another worker has come before its answer.
    fc.record({ link: fc.constantFrom("whole", "request lost", "answer lost", "half taken"), restarts: fc.boolean() }),
  );

  it("brings each flip once, in order, to the worker that it was shown for, whatever is lost", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const log = new FlipLog(MOST);
        // By attachment: what that worker has, by the flips' numbers.
        const taken = new Map<string, Map<number, number>>();
        const added = new Map<string, number[]>();
        let life = 1;
        let now: { link: string; restarts: boolean } = { link: "whole", restarts: false };
        const restart = () => {
          life += 1;
          log.restart();
        };
        const reportFlips = async (request: {
          attachmentId?: string;
          batch?: { firstIndex?: bigint; pageNs?: bigint[] };
        }) => {
          const { attachmentId = "", batch } = request;
          const { link, restarts } = now;
          now = { link: "whole", restarts: false };
          await Promise.resolve();
          if (restarts) restart();
          if (link === "request lost" || attachmentId !== String(life - (restarts ? 1 : 0))) throw lost();
          const mine = taken.get(attachmentId) ?? new Map<number, number>();
          taken.set(attachmentId, mine);
          const first = Number(batch?.firstIndex);
          const stamps = (batch?.pageNs ?? []).map(Number);
          const kept = link === "half taken" ? stamps.slice(0, Math.ceil(stamps.length / 2)) : stamps;
          for (const [offset, stamp] of kept.entries()) {
            // A number is one flip's for ever.
            expect(mine.get(first + offset) ?? stamp).toBe(stamp);
            mine.set(first + offset, stamp);
          }
          if (link === "answer lost") throw lost();
          return { nextIndex: BigInt(first + kept.length) };
        };
        const client = { reportFlips } as unknown as ReporterTools["client"];
        const clock = () => CLOCK;
        const breaking = new FlipReporter({ client, log, attachmentId: () => String(life), clock });
        let stamp = 0;
        for (const one of steps) {
          if ("add" in one) {
            for (let count = 0; count < one.add; count += 1) {
              stamp += 1;
              log.add(flip(stamp));
              added.set(String(life), [...(added.get(String(life)) ?? []), stamp]);
            }
          } else {
            now = one;
            await breaking.flush();
          }
        }
        now = { link: "whole", restarts: false };
        while (log.waiting > 0) await breaking.flush();
        breaking.stop();
        for (const [attachment, has] of taken) {
          // Numbers count the flips of the attachment: what was given up leaves its numbers unused.
          const all = added.get(attachment) ?? [];
          for (const [index, stamped] of has) expect(stamped).toBe(all[index]);
        }
        const last = added.get(String(life)) ?? [];
        const has = taken.get(String(life)) ?? new Map<number, number>();
        // Given up here, it may have been taken there all the same, by a report whose answer was lost.
        expect(last.length - has.size).toBeLessThanOrEqual(log.lost);
      }),
    );
  });
});

/** A worker that takes no batch with a flip of such a stamp. */
function refusing(brought: number[], never: (stamp: number) => boolean): ReporterTools["client"] {
  const reportFlips = ({ batch }: { batch?: { firstIndex?: bigint; pageNs?: bigint[] } }) => {
    const stamps = (batch?.pageNs ?? []).map(Number);
    if (stamps.some(never)) return Promise.reject(new ConnectError("no", Code.InvalidArgument));
    brought.push(...stamps);
    return Promise.resolve({ nextIndex: (batch?.firstIndex ?? 0n) + BigInt(stamps.length) });
  };
  return { reportFlips } as unknown as ReporterTools["client"];
}

function lost(): ConnectError {
  return new ConnectError("gone", Code.Unavailable);
}
