import { afterEach, describe, expect, it, vi } from "vitest";
import { Code, ConnectError } from "@connectrpc/connect";
import { RegionSchema } from "../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { create } from "@bufbuild/protobuf";
import type { HeldStream } from "../../src/mirror/keep-stream";
import { watchHistogram } from "../../src/mirror/watch-histogram";
import { watchTimeCourses } from "../../src/mirror/watch-time-courses";
import { makeMirror } from "../renderer/support/mirrored";

const streams: HeldStream[] = [];
afterEach(() => {
  for (const stream of streams.splice(0)) stream.stop();
});

describe("watchTimeCourses", () => {
  it("begins anew with each stream, because the worker tells its past again", async () => {
    const { instrument } = makeMirror();
    const { imaging } = instrument;
    imaging.put(create(RegionSchema, { id: "a", name: "V1" }));
    imaging.courses.push(imaging.batch([1, 2, 3]));
    const told: string[] = [];
    const sink = { begin: () => told.push("begin"), add: () => told.push("batch") };
    streams.push(watchTimeCourses(instrument.clients.imaging, 600, sink));
    await vi.waitFor(() => expect(told).toEqual(["begin", "batch"]));
    imaging.courses.fail(new ConnectError("The worker is gone.", Code.Unavailable));
    await vi.waitFor(() => expect(told).toEqual(["begin", "batch", "begin", "batch"]));
    expect(instrument.asked[0]?.request).toMatchObject({ historyS: 600 });
  });
});

describe("watchHistogram", () => {
  it("asks for what is wished and hands on what comes", async () => {
    const { instrument } = makeMirror();
    const seen: number[] = [];
    const wish = { maxRateHz: 5, regionId: "a" };
    streams.push(watchHistogram(instrument.clients.imaging, wish, ({ mean }) => seen.push(mean)));
    const stop = instrument.imaging.run();
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0));
    stop();
    expect(instrument.asked[0]?.request).toMatchObject(wish);
  });
});
