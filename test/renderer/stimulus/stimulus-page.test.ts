import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Presented, Showing } from "../../../src/renderer/stimulus/glass/glass";
import type { WorkerGlassEvents } from "../../../src/renderer/stimulus/glass/worker-glass";
import { StimulusPage } from "../../../src/renderer/stimulus/stimulus-page";
import { fakeServer } from "../support/fake-channel";
import { FakeInstrument } from "../support/fake-instrument";

const CLOCK = { offsetNs: 5_000_000_000n, errorNs: 20_000n };

let page: StimulusPage | undefined;
afterEach(() => {
  page?.stop();
  vi.useRealTimers();
});

function open() {
  const instrument = new FakeInstrument();
  const shown: Showing[] = [];
  const sizes: number[] = [];
  const said: string[] = [];
  let events: WorkerGlassEvents | undefined;
  let ids = 0;
  page = new StimulusPage({
    clients: {
      stimulus: instrument.clients.stimulus,
      window: undefined,
      notification: instrument.clients.notification,
    },
    channel: instrument.channels.worker,
    makeGlass: (asked) => {
      events = asked;
      return {
        show: (showing) => shown.push(showing),
        resize: (widthPx, heightPx) => sizes.push(widthPx, heightPx),
        dispose: () => undefined,
      };
    },
    say: (sentence) => said.push(sentence),
    nowMs: () => 1000,
    newId: () => `attachment-${++ids}`,
  });
  const present = (index: number, direction = 0) => events!.onPresented(presented(index, direction));
  const attach = async () => {
    instrument.channels.worker.set({ phase: "live", clock: CLOCK });
    events!.onReady("a card");
    page!.resize({ widthPx: 1920, heightPx: 1080 });
    await vi.waitFor(() => expect(shown.at(-1)?.scene?.number).toBe(1n));
  };
  return { instrument, page, shown, sizes, said, present, attach, glass: () => events! };
}

function presented(index: number, direction: number): Presented {
  return {
    flip: {
      stampNs: BigInt(index) * 1000n,
      glassNs: BigInt(index) * 1000n + 500n,
      sceneNumber: 1n,
      showing: 0,
      direction,
      angleDeg: direction === 0 ? 0 : 12,
      missedRefreshes: 0,
      squareBright: index % 2 === 0,
    },
    bar: direction === 0 ? undefined : { axis: "azimuth", direction, showing: undefined, angleDeg: 12, reversed: true },
    timing: { refreshRateHz: 60, jitterMs: 0.1, longestMs: 17, flips: index + 1, missedRefreshes: 2 },
  };
}

describe("StimulusPage", () => {
  it("attaches when it draws and has its size, and shows what the worker wants by the worker's clock", async () => {
    const { instrument, shown, sizes, attach } = open();
    expect(shown[0]).toEqual({ scene: undefined, clockOffsetNs: undefined });
    await attach();
    expect(instrument.stimulus.attached).toMatchObject([
      { attachmentId: "attachment-1", widthPx: 1920, heightPx: 1080, renderer: "a card", fullScreen: false },
    ]);
    expect(sizes).toEqual([1920, 1080]);
    expect(shown.at(-1)?.clockOffsetNs).toBe(5_000_000_000n);
    expect(shown.at(-1)?.scene?.look?.barWidthDeg).toBe(20);
  });

  it("reports what was presented since it is attached, in the worker's time, and nothing of before", async () => {
    const { instrument, page, present, attach } = open();
    present(0);
    await attach();
    present(1);
    present(2);
    page.leave();
    await vi.waitFor(() => expect(instrument.stimulus.batches).toHaveLength(1));
    expect(instrument.stimulus.batches[0]).toMatchObject({
      firstIndex: 0n,
      pageNs: [1000n, 2000n],
      presentedNs: [5_000_001_500n, 5_000_002_500n],
      clock: { offsetNs: 5_000_000_000n, errorNs: 20_000n },
    });
  });

  it("counts and tells what the worker refuses, and brings what follows", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { instrument, page, present, attach } = open();
    await attach();
    present(1);
    present(2);
    instrument.refusals.set("reportFlips", new ConnectError("angle_deg[0]: must be finite.", Code.InvalidArgument));
    page.leave();
    await vi.waitFor(() => expect(instrument.notifications.lists.current.notifications).toHaveLength(1));
    const [told] = instrument.notifications.lists.current.notifications;
    expect(told).toMatchObject({ source: "stimulus", code: "flips_refused" });
    expect(told?.message).toContain("2 flips were shown that the worker does not take. angle_deg[0]");
    present(3);
    expect(page.news.facts.lostFlips).toBe(2n);
    page.leave();
    await vi.waitFor(() => expect(instrument.stimulus.batches).toHaveLength(1));
    expect(instrument.stimulus.batches[0]).toMatchObject({ firstIndex: 2n, pageNs: [3000n] });
  });

  it("is grey when the worker is gone, keeps what it presents, and brings it when the worker is back", async () => {
    const { instrument, page, shown, present, attach } = open();
    await attach();
    instrument.stimulus.show({
      sweep: {
        $typeName: "macroscope.stimulus.v1.BarSweep",
        direction: 1,
        fromDeg: -50,
        toDeg: 50,
        startedNs: 0n,
        endedNs: 10_000_000_000n,
      },
    });
    await vi.waitFor(() => expect(shown.at(-1)?.scene?.sweep).toBeDefined());
    instrument.stimulus.scenes.fail(new ConnectError("The worker is gone.", Code.Unavailable));
    await vi.waitFor(() => expect(shown.at(-1)?.scene?.sweep).toBeUndefined());
    expect(shown.at(-1)?.scene?.look).toBeDefined();
    present(1);
    present(2);
    await vi.waitFor(() => expect(instrument.stimulus.attached).toHaveLength(2));
    await vi.waitFor(() => expect(shown.at(-1)?.scene?.sweep).toBeDefined());
    page.leave();
    await vi.waitFor(() => expect(instrument.stimulus.batches[0]?.pageNs).toEqual([1000n, 2000n]));
    expect(instrument.stimulus.attached[1]?.attachmentId).toBe("attachment-1");
  });

  it("begins anew with another worker: a new attachment, its flips from 0, and its clock", async () => {
    const { instrument, page, shown, present, attach } = open();
    await attach();
    present(1);
    present(2);
    instrument.channels.worker.set({ phase: "lost", clock: undefined });
    instrument.channels.worker.set({
      phase: "live",
      server: fakeServer(2n),
      clock: { offsetNs: 77_000_000_000n, errorNs: 9000n },
    });
    await vi.waitFor(() => expect(instrument.stimulus.attached.at(-1)?.attachmentId).toBe("attachment-2"));
    await vi.waitFor(() => expect(shown.at(-1)?.clockOffsetNs).toBe(77_000_000_000n));
    await vi.waitFor(() => expect(shown.at(-1)?.scene?.number).toBe(1n));
    const before = instrument.stimulus.batches.length;
    present(9);
    page.leave();
    await vi.waitFor(() => expect(instrument.stimulus.batches.length).toBeGreaterThan(before));
    expect(instrument.stimulus.batches.at(-1)).toMatchObject({ firstIndex: 0n, pageNs: [9000n] });
  });

  it("says in a window why it shows nothing", async () => {
    const { instrument, said, attach } = open();
    expect(said.at(-1)).toBe("The stimulus is not connected yet.");
    instrument.refusals.set("attachDisplay", new ConnectError("Display 2 shows it.", Code.AlreadyExists));
    instrument.channels.worker.set({ phase: "live", clock: CLOCK });
    const attached = attach();
    await vi.waitFor(() => expect(said).toContain("Display 2 shows it."));
    await attached;
    expect(said.at(-1)).toBe("");
  });

  it("does not take the stimulus on where nothing can be drawn, and says so", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { instrument, page, said, glass } = open();
    glass().onProblem("This machine offers no WebGL2.");
    instrument.channels.worker.set({ phase: "live", clock: CLOCK });
    page.resize({ widthPx: 1920, heightPx: 1080 });
    expect(page.news.facts.problem).toBe("This machine offers no WebGL2.");
    expect(said.at(-1)).toBe("This machine offers no WebGL2.");
    await vi.advanceTimersByTimeAsync(2000);
    expect(instrument.stimulus.attached).toEqual([]);
  });

  it("tells whoever watches what is on the glass, and what is wrong with it", async () => {
    const { page, present, attach, glass } = open();
    await attach();
    present(4, 1);
    expect(page.news.facts).toMatchObject({
      flipIndex: 5n,
      angleDeg: 12,
      direction: 1,
      reversed: true,
      missedRefreshes: 2n,
      widthPx: 1920,
      renderer: "a card",
    });
    present(5);
    expect(page.news.facts.angleDeg).toBeUndefined();
    glass().onProblem("The graphics card has reset.");
    expect(page.news.facts.problem).toBe("The graphics card has reset.");
  });
});
