import { describe, expect, it } from "vitest";
import type { ProcessReport, StressOrder, WindowReport } from "./order";
import { faultsOf, trendOf } from "./verdict";

const order: StressOrder = { seconds: 60, windows: 2, previews: 1, commandsPerSecond: 20 };

const window: WindowReport = {
  sent: 600,
  answered: 600,
  failed: 0,
  firstFailure: "",
  outOfOrder: 0,
  firstDisorder: "",
  endedTwice: 0,
  p50Ms: 1,
  p99Ms: 2,
  mostMs: 3,
  slowest: "echo 5",
  pictures: 1800,
  skipped: 0,
  revision: "7",
};

const growing = (mbPerMinute: number, files = 10): ProcessReport => ({
  name: "host",
  samples: Array.from({ length: 120 }, (_, index) => ({
    atMs: index * 500,
    memoryMb: 100 + (index / 120) * mbPerMinute,
    files: index > 100 ? files : 10,
  })),
});

const faults = (changed: Partial<WindowReport>, processes: readonly ProcessReport[] = []) =>
  faultsOf({ windows: [{ ...window, ...changed }, window], processes }, order);

describe("the stress test's verdict", () => {
  it("finds nothing wrong where everything was answered once, in order, at the rate, and memory is flat", () => {
    expect(faults({}, [growing(1)])).toEqual([]);
  });

  it.each<[string, Partial<WindowReport>, RegExp]>([
    ["an answer that never came", { answered: 599 }, /1 commands have no answer/],
    ["a failure, with its words", { answered: 599, failed: 1, firstFailure: "gone" }, /1 commands failed; gone/],
    ["disorder", { outOfOrder: 2 }, /2 answers out of order/],
    ["a second end", { endedTwice: 1 }, /1 calls ended twice/],
    ["too few commands", { sent: 500, answered: 500 }, /Only 18 commands a second/],
    ["a picture that stood still", { pictures: 3 }, /only 3 pictures/],
    ["mirrors that disagree", { revision: "6" }, /revisions 6, 7/],
  ])("finds %s", (_name, changed, sentence) => {
    expect(faults(changed)).toEqual([expect.stringMatching(sentence)]);
  });

  it("finds memory that grows, and files that stay open", () => {
    expect(faults({}, [growing(30)])).toEqual([expect.stringMatching(/host grew by 30\.\d MB a minute/)]);
    expect(faults({}, [growing(0, 20)])).toEqual([expect.stringMatching(/10 files open more/)]);
  });

  it("says nothing of growth after a short run", () => {
    const short = { ...order, seconds: 5, commandsPerSecond: 240 };
    expect(faultsOf({ windows: [window, window], processes: [growing(30)] }, short)).toEqual([]);
  });

  it("looks only at the samples after collections where there are some", () => {
    const saw = growing(30);
    const samples = saw.samples.map((sample, index) =>
      index % 40 === 39 ? { ...sample, memoryMb: 100, collected: true } : sample,
    );
    expect(trendOf({ name: "window 1", samples })).toMatchObject({ slopeMbPerMinute: 0, firstMb: 100 });
  });

  it("has no trend without samples", () => {
    expect(trendOf({ name: "host", samples: [] })).toBeUndefined();
  });
});
