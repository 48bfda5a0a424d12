/** Regions, histograms, time courses and references in memory. */
import { create } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  HistogramSchema,
  ImagingService,
  ReferenceSchema,
  WatchRegionsResponseSchema,
  WatchTimeCoursesResponseSchema,
} from "../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import type {
  Histogram,
  Reference,
  Region,
  WatchTimeCoursesResponse,
} from "../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { Feed } from "./feed";

type Answer = <Result>(method: string, request: unknown, work: () => Result) => Result;

const SAMPLE_MS = 100;
const SIGNIFICANT_BITS = 12;

export class FakeImaging {
  readonly regions = new Feed(
    create(WatchRegionsResponseSchema, { revision: 1n, sensorWidthPx: 1024, sensorHeightPx: 1024 }),
  );
  readonly histogram = new Feed<Histogram | undefined>(undefined);
  readonly courses = new Feed<WatchTimeCoursesResponse | undefined>(undefined);
  references: Reference[] = [];
  private samples = 0;

  register(router: ConnectRouter, answer: Answer): void {
    router.service(ImagingService, {
      watchHistogram: (request, { signal }) => {
        answer("watchHistogram", request, () => ({}));
        return some(this.histogram.watch(signal), (histogram) => ({ histogram }));
      },
      watchRegions: (_, { signal }) => this.regions.watch(signal),
      putRegion: (request) => answer("putRegion", request, () => ({ revision: this.put(request.region) })),
      removeRegion: (request) => answer("removeRegion", request, () => ({ revision: this.remove(request.id) })),
      watchTimeCourses: (request, { signal }) => {
        answer("watchTimeCourses", request, () => ({}));
        return some(this.courses.watch(signal), (batch) => batch);
      },
      takeSnapshot: (request) =>
        answer("takeSnapshot", request, () => {
          const stem = `/data/macroscope/snapshots/2026-03-01_101500${request.name && `_${request.name}`}`;
          return { tiffPath: `${stem}.tiff`, pngPath: `${stem}.png`, frameId: 7n };
        }),
      takeReference: (request) =>
        answer("takeReference", request, () => ({ reference: this.take(request.name, request.frames) })),
      listReferences: (request) => answer("listReferences", request, () => ({ references: this.references })),
      getReference: (request) =>
        answer("getReference", request, () => {
          const reference = this.references.find((one) => one.id === request.id);
          if (!reference) throw new ConnectError("There is no such reference.", Code.NotFound);
          return { reference, widthPx: 256, heightPx: 256, pixels: vesselPixels(256) };
        }),
    });
  }

  /** Adds or changes a region, and tells everyone; gives the revision. */
  put(region: Region | undefined): bigint {
    if (!region) return this.regions.current.revision;
    const before = this.regions.current.regions;
    const known = before.some((one) => one.id === region.id);
    return this.change(known ? before.map((one) => (one.id === region.id ? region : one)) : [...before, region]);
  }

  /** Time courses and histograms by the clock, until the returned function is called. */
  run(): () => void {
    this.courses.push(this.past(600));
    const timer = setInterval(() => {
      this.histogram.push(this.nextHistogram());
      this.courses.push(this.batch([performance.now()]));
    }, SAMPLE_MS);
    return () => clearInterval(timer);
  }

  /** A batch with a sample for each region at each of these times, in milliseconds. */
  batch(timesMs: readonly number[]): WatchTimeCoursesResponse {
    const ids = this.regions.current.regions.map((one) => one.id);
    return create(WatchTimeCoursesResponseSchema, {
      regionIds: ids,
      receivedNs: timesMs.map((ms) => BigInt(Math.round((ms + 1e6) * 1e6))),
      frameId: timesMs.map(() => BigInt((this.samples += 1))),
      meanCounts: timesMs.flatMap((ms) => ids.map((_, index) => meanAt(ms / 1000, index))),
      live: true,
    });
  }

  private past(seconds: number): WatchTimeCoursesResponse {
    const now = performance.now();
    const samples = (seconds * 1000) / SAMPLE_MS;
    return this.batch(Array.from({ length: samples }, (_, index) => now - (samples - index) * SAMPLE_MS));
  }

  private remove(id: string): bigint {
    const before = this.regions.current.regions;
    if (!before.some((one) => one.id === id)) throw new ConnectError("There is no such region.", Code.NotFound);
    return this.change(before.filter((one) => one.id !== id));
  }

  private change(regions: Region[]): bigint {
    const { current } = this.regions;
    this.regions.push(create(WatchRegionsResponseSchema, { ...current, regions, revision: current.revision + 1n }));
    return this.regions.current.revision;
  }

  private take(name: string, frames: number): Reference {
    const reference = create(ReferenceSchema, {
      id: `2026-03-01_1015${this.references.length.toString().padStart(2, "0")}`,
      name: name || "vessels",
      animalId: "mouse12",
      takenUnixNs: 1_772_360_100_000_000_001n,
      path: "/data/macroscope/references/2026-03-01_101500.tiff",
      widthPx: 1024,
      heightPx: 1024,
      frames,
      binning: 1,
    });
    this.references = [reference, ...this.references];
    return reference;
  }

  private nextHistogram(): Histogram {
    const counts = Array.from({ length: 256 }, (_, bin) => {
      const body = 9000 * Math.exp(-(((bin - 132) / 22) ** 2)) + 2600 * Math.exp(-(((bin - 70) / 16) ** 2));
      return Math.round(body * (0.97 + 0.06 * Math.random()) + (bin === 255 ? 212 : 0));
    });
    return create(HistogramSchema, {
      frameId: BigInt((this.samples += 1)),
      counts,
      significantBits: SIGNIFICANT_BITS,
      minimum: 410,
      maximum: 4095,
      mean: 1840.4,
      low: 560,
      high: 3110,
      saturatedPx: 212n,
      sampledPx: 262_144n,
    });
  }
}

/** Heart, breathing, slow drift and a little noise. */
function meanAt(seconds: number, index: number): number {
  const slow = 6 * Math.sin(seconds / (9 + index)) + 3 * Math.sin(2 * Math.PI * 0.7 * seconds + index);
  return 1500 + 320 * index + slow + (Math.random() - 0.5) * 2;
}

function vesselPixels(sizePx: number): Uint8Array {
  return Uint8Array.from({ length: sizePx * sizePx }, (_, index) => {
    const u = (index % sizePx) / sizePx;
    const v = Math.floor(index / sizePx) / sizePx;
    const near = Math.min(
      ...[1, 2, 3, 4, 5, 6].map((one) => Math.abs(u - 0.14 * one - 0.05 * Math.sin(9 * v + one * 2.1))),
    );
    return 220 - 180 * Math.exp(-((near / 0.006) ** 2));
  });
}

async function* some<Value, Message>(
  values: AsyncIterable<Value | undefined>,
  wrap: (value: Value) => Message,
): AsyncGenerator<Message> {
  for await (const value of values) if (value !== undefined) yield wrap(value);
}
